import { changeMember, type SseEvent } from '@app/shared';
import { annotate } from '../domain/annotated.js';
import type { Passage, Passing, Quirks } from '../domain/dialect.js';
import { isAbsent, type Wire } from '../domain/wire.js';
import { isShownElsewhere } from './own-body.js';
import { assertInput } from './request.reader.js';

const ENDING = /"type"\s*:\s*"response\.(completed|incomplete)"/;

/** Everything but the name of the model is the vendor's to judge; the last event tells the usage, asked for or not. */
export const openAiResponsesPassage: Passage = {
  fits,
  members,
  answersPass: true,
  notable: [
    /"type"\s*:\s*"response\.(completed|incomplete|failed|cancelled)"/g,
    /"type"\s*:\s*"error"/g,
    /"error"\s*:\s*\{/g,
    /(?:^|\n)event:\s*error/g,
  ],
  piece: '.delta"',
  sentinel: '',
  rewrite,
};

function fits(body: Wire, { unsupported = [] }: Quirks): boolean {
  const { input } = body;
  const isForeign = Array.isArray(input) && input.some(isShownElsewhere);
  return !isForeign && unsupported.every(field => isAbsent(body[field]));
}

function members(body: Wire, model: string): Record<string, string> {
  assertInput(body);
  return body['model'] === model ? {} : { model: JSON.stringify(model) };
}

/** `x_llmhub` stands in the response, where whole answers have it. */
function rewrite({ data }: SseEvent, passing: Passing): string | null {
  const llmhub = ENDING.test(data) ? passing.llmhub() : null;
  return llmhub && changeMember(data, 'response', response => annotate(response, llmhub));
}
