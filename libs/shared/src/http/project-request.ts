import type { IncomingMessage } from 'node:http';
import type { Call } from './call.js';

/** A request behind the guard. */
export interface ProjectRequest extends IncomingMessage {
  /** UUIDv7, also sent as `x-request-id`. */
  id: string;
  call?: Call;
}

/** The call that the guard opened. @throws Error on a route without project access, which is a mistake in our code */
export function callOf({ call }: ProjectRequest): Call {
  if (!call) {
    throw new Error('This route has no project key guard.');
  }
  return call;
}
