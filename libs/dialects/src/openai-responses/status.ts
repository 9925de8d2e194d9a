import type { Finish, FinishReason } from '../domain/finish-reason.js';
import { entryOf, objectAt, textAt, type Wire } from '../domain/wire.js';

const FROM_INCOMPLETE: Readonly<Record<string, FinishReason>> = {
  max_output_tokens: 'length',
  content_filter: 'content-filter',
};

/** Why a response ended, from its status (PROTOCOLS 2.5). */
export function readFinish(response: Wire, calledTools: boolean): Finish {
  const status = textAt(response, 'status');
  if (status === 'incomplete') {
    const reason = textAt(objectAt(response, 'incomplete_details') ?? {}, 'reason');
    return { reason: entryOf(FROM_INCOMPLETE, reason) ?? 'stop', native: reason || status };
  }
  return { reason: calledTools ? 'tool-calls' : 'stop', native: status || null };
}

/** `status` of a response and what goes with it. */
export interface WrittenStatus {
  readonly status: 'completed' | 'incomplete' | 'failed';
  readonly incomplete_details: { readonly reason: string } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** @param refused the answer holds a refusal, which says all by itself */
export function writeStatus({ reason, detail }: Finish, refused: boolean): WrittenStatus {
  switch (reason) {
    case 'length':
    case 'context-full':
    case 'continuation':
      return incomplete('max_output_tokens');
    case 'content-filter':
      return refused ? COMPLETED : incomplete('content_filter');
    case 'malformed-call':
      return failed('server_error', detail ?? 'The model wrote a tool call that cannot be read.');
    default:
      return COMPLETED;
  }
}

const COMPLETED: WrittenStatus = { status: 'completed', incomplete_details: null, error: null };

export const IN_PROGRESS = { status: 'in_progress', incomplete_details: null, error: null } as const;

function incomplete(reason: string): WrittenStatus {
  return { status: 'incomplete', incomplete_details: { reason }, error: null };
}

export function failed(code: string, message: string): WrittenStatus {
  return { status: 'failed', incomplete_details: null, error: { code, message } };
}
