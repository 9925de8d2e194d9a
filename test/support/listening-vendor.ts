import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a vendor got it. */
export interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: ServerResponse, request: Heard) => void;

const unprepared: Answer = response => response.writeHead(500).end();

/** A vendor that remembers, byte for byte, what it was sent, and answers as it is told. */
export interface ListeningVendor {
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly heard: Heard[];
  answer(how: Answer): void;
  close(): Promise<void>;
}

export async function startListeningVendor(): Promise<ListeningVendor> {
  const heard: Heard[] = [];
  let how = unprepared;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const said = { method: request.method, url: request.url, headers: request.headers, body };
    heard.push(said);
    how(response, said);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answer: next => {
      how = next;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
