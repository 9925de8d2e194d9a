import type { SseEvent } from '@app/shared';
import { annotated } from '../domain/annotated.js';
import type { Passage, Passing, Quirks } from '../domain/dialect.js';
import { asksTooMuch } from '../domain/demands.js';
import type { Wire } from '../domain/wire.js';
import { requestedMessages } from '../domain/fields.js';
import { anthropicMessagesDemands } from './demands.js';

/** `x_llmhub` stands in the event that tells the usage; Anthropic's SDKs ignore members they do not know. */
export const anthropicMessagesPassage: Passage = {
  fits: (body: Wire, { unsupported = [] }: Quirks) => !unsupported.some(field => body[field] !== undefined),
  asksTooMuch: asksTooMuch(anthropicMessagesDemands),
  members,
  answersPass: true,
  notable: [/"type"\s*:\s*"message_/g, /"type"\s*:\s*"error"/g],
  sentinel: '',
  rewrite,
};

function members(body: Wire, model: string): Record<string, string> {
  requestedMessages(body);
  return body['model'] === model ? {} : { model: JSON.stringify(model) };
}

function rewrite({ data, type }: SseEvent, passing: Passing): string | null {
  return type === 'message_delta' ? annotated(data, passing) : null;
}
