import type { Finish, FinishReason } from '../domain/finish-reason.js';
import { entryOf } from '../domain/wire.js';

const FROM_WIRE: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  // Mistral
  model_length: 'context-full',
};

/**
 * A vendor's `finish_reason`. One that called tools finished for them, whatever it says: with a forced tool OpenAI says
 * `stop`. A word nobody knows is a normal stop, kept in `native`.
 */
export function readFinish(native: string | null, calledTools: boolean): Finish {
  const reason = entryOf(FROM_WIRE, native ?? 'stop') ?? 'stop';
  return { reason: reason === 'stop' && calledTools ? 'tool-calls' : reason, native };
}

/** The vendor gave up in the middle: Mistral and OpenRouter, DeepSeek. */
export function isFailure(native: unknown): native is string {
  return native === 'error' || native === 'insufficient_system_resource';
}

const TO_WIRE: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-full': 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  pause: 'stop',
  'malformed-call': 'stop',
  continuation: 'length',
};

/** In the words of chat, which has fewer. */
export function finishWord(reason: FinishReason): string {
  return TO_WIRE[reason];
}

/** Members of a chat choice that say why it ended. What chat has no word for is told besides, as OpenRouter does. */
export function writeFinish(finish: Finish, legacyCalls: boolean): Record<string, unknown> {
  const { reason, native, detail } = finish;
  const finish_reason = reason === 'tool-calls' && legacyCalls ? 'function_call' : TO_WIRE[reason];
  switch (reason) {
    case 'pause':
    case 'continuation':
      return { finish_reason, native_finish_reason: native };
    case 'malformed-call':
      return {
        finish_reason,
        native_finish_reason: native,
        error: {
          code: 'malformed_tool_call',
          message: detail ?? 'The model wrote a tool call that cannot be read.',
        },
      };
    default:
      return { finish_reason };
  }
}
