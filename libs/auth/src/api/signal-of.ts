import type { ServerResponse } from 'node:http';

/** Aborted when the caller leaves before its answer was written to the end. */
export function signalOf(response: ServerResponse): AbortSignal {
  const abort = new AbortController();
  if (response.closed) {
    abort.abort(); // it left while the key was looked up
    return abort.signal;
  }
  response.once('close', () => {
    if (!response.writableFinished) {
      abort.abort();
    }
  });
  return abort.signal;
}
