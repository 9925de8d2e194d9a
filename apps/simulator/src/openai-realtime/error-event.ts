import type { Message } from '../realtime/outlet.js';

export interface ErrorBody {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly param: string | null;
}

/** @param about the `event_id` of the client's event that is at fault, if it has one */
export function errorEvent(error: ErrorBody, about: string | null): Message {
  return { type: 'error', error: { ...error, event_id: about } };
}
