import { setMember, type SseEvent } from '@app/shared';
import { annotated } from '../domain/annotated.js';
import { asksTooMuch } from '../domain/demands.js';
import type { Passage, Passing } from '../domain/dialect.js';
import { fitsAsIs } from './as-is.js';
import { openAiChatDemands } from './demands.js';
import { requestedMessages } from '../domain/fields.js';
import { objectAt, type Wire } from '../domain/wire.js';

const USAGE = /"usage":\s*\{/;
const FINISHES = /"finish_reason"\s*:\s*"/;
const NO_CHOICES = /"choices":\s*\[\s*\]/;

/** The vendor is always asked for the usage chunk of a stream; it reaches only a caller that asked for it too. */
export const openAiChatPassage: Passage = {
  fits: fitsAsIs,
  asksTooMuch: asksTooMuch(openAiChatDemands),
  members,
  notable: [/"finish_reason"\s*:\s*"/g, /"usage"\s*:\s*\{/g, /"error"\s*:/g, /\[DONE\]/g, /(?:^|\n)event:/g],
  sentinel: 'data: [DONE]\n\n',
  rewrite,
};

function members(body: Wire, model: string): Record<string, string> {
  requestedMessages(body);
  return membersToSet(body, model);
}

/** The vendor's name of the model, and usage asked for, where the body does not say so already. */
export function membersToSet(body: Wire, model: string): Record<string, string> {
  const set: Record<string, string> = {};
  if (body['model'] !== model) {
    set['model'] = JSON.stringify(model);
  }
  if (body['stream'] === true && !asksForUsage(body)) {
    set['stream_options'] = JSON.stringify({ ...objectAt(body, 'stream_options'), include_usage: true });
  }
  return set;
}

function rewrite({ data }: SseEvent, passing: Passing): string | null {
  if (!USAGE.test(data)) {
    return null;
  }
  if (!NO_CHOICES.test(data)) {
    // Some vendors tell the usage in the chunk that finishes: for those who did not ask it is hidden there too.
    if (!asksForUsage(passing.body)) {
      return setMember(data, 'usage', 'null');
    }
    // Others tell it in every chunk: what it cost is known in the last.
    return FINISHES.test(data) ? annotated(data, passing) : null;
  }
  return asksForUsage(passing.body) ? annotated(data, passing) : '';
}

function asksForUsage(body: Wire): boolean {
  return objectAt(body, 'stream_options')?.['include_usage'] === true;
}
