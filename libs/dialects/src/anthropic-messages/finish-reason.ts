import type { Finish, FinishReason } from '../domain/finish-reason.js';
import { entryOf, isObject, stringOr, type Wire } from '../domain/wire.js';

const FROM_WIRE: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  max_tokens: 'length',
  model_context_window_exceeded: 'context-full',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
  pause_turn: 'pause',
};

/** From a message, or from the `delta` of `message_delta`. An unknown reason is a plain stop that keeps its name. */
export function mapFinish(message: Readonly<Record<string, unknown>>): Finish {
  const native = stringOr(message['stop_reason'], null);
  const stopSequence = stringOr(message['stop_sequence'], null);
  const detail = explain(message['stop_details']);
  return {
    reason: entryOf(FROM_WIRE, native) ?? 'stop',
    native,
    ...(stopSequence !== null && { stopSequence }),
    ...(detail && { detail }),
  };
}

function explain(details: unknown): string | undefined {
  if (!isObject(details)) {
    return undefined;
  }
  return [details['category'], details['explanation']].filter(text => typeof text === 'string').join(': ');
}

const TO_WIRE: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-full': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  pause: 'pause_turn',
  'malformed-call': 'end_turn',
  continuation: 'max_tokens',
};

/**
 * Members of a message, or of the `delta` of `message_delta`, that say why it ended.
 *
 * @param refused the model declined in words of its own, which other vendors do not count as a reason
 */
export function writeFinish({ reason, stopSequence, detail }: Finish, refused: boolean): Wire {
  const stop_reason = refused && reason === 'stop' ? 'refusal' : TO_WIRE[reason];
  return {
    stop_reason,
    stop_sequence: stopSequence ?? null,
    stop_details: stop_reason === 'refusal' ? refusalDetails(detail) : null,
  };
}

/** `detail` is the category, or the category and an explanation, as `explain` put them together. */
function refusalDetails(detail: string | undefined): Wire {
  const [, category, explanation] = /^(\w+): ([^]*)$/.exec(detail ?? '') ?? [null, null, detail ?? null];
  return { type: 'refusal', category, explanation };
}
