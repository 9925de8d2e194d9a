import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** Asks first; what it does not take goes to those who listened before. */
export function before(
  server: Server,
  take: (request: IncomingMessage, response: ServerResponse) => boolean,
): void {
  const others = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (!take(request, response)) {
      for (const listener of others) {
        listener(request, response);
      }
    }
  });
}
