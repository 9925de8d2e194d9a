import type { Finish, FinishReason } from '../domain/finish-reason.js';
import { isRecord, stringOr } from '../domain/wire.js';

const REASONS: Readonly<Record<string, FinishReason>> = {
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
    reason: REASONS[native ?? ''] ?? 'stop',
    native,
    ...(stopSequence !== null && { stopSequence }),
    ...(detail && { detail }),
  };
}

function explain(details: unknown): string | undefined {
  if (!isRecord(details)) {
    return undefined;
  }
  return [details['category'], details['explanation']].filter(text => typeof text === 'string').join(': ');
}
