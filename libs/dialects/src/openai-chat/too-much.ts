import type { ModelTraits } from '../domain/dialect.js';
import { missingOutput } from '../domain/fit-to-model.js';
import { listAt, objectAt, objectsAt, type Wire } from './wire.js';

/** Does the body ask for what the model is known not to have? Looks into messages only for a model that is known to read less. */
export function asksTooMuch(body: Wire, traits: ModelTraits): boolean {
  return (
    (traits.tools === false && (listAt(body, 'tools').length > 0 || listAt(body, 'functions').length > 0)) ||
    (traits.structuredOutput === false && objectAt(body, 'response_format')?.['type'] === 'json_schema') ||
    (traits.parallelTools === false && typeof body['parallel_tool_calls'] === 'boolean') ||
    exceedsLimit(body, traits) ||
    missingOutput(listAt(body, 'modalities') as readonly string[], traits.output) !== undefined ||
    holdsUnreadable(body, traits)
  );
}

function exceedsLimit(body: Wire, { maxOutputTokens = Infinity }: ModelTraits): boolean {
  const wanted = body['max_completion_tokens'] ?? body['max_tokens'];
  return typeof wanted === 'number' && wanted > maxOutputTokens;
}

function holdsUnreadable(body: Wire, { images, audioInput, documents }: ModelTraits): boolean {
  if (images !== false && audioInput !== false && documents !== false) {
    return false;
  }
  const unreadable = { image_url: images, input_audio: audioInput, file: documents };
  return objectsAt(body, 'messages').some(message =>
    objectsAt(message, 'content').some(({ type }) => unreadable[type as keyof typeof unreadable] === false),
  );
}
