import type { IncomingMessage } from 'node:http';
import { UpstreamError, UpstreamTimeoutError } from '@app/shared';
import { WebSocket } from 'ws';
import { SocketInbox } from './socket-inbox.js';

const HANDSHAKE_MS = 10_000;
const REFUSAL_LIMIT_BYTES = 64 * 1024;
/** A session's settings, with its tools, and a picture. */
const MOST_MESSAGE_BYTES = 64 * 1024 * 1024;

export interface SocketRequest {
  /** Vendor id, for errors. */
  readonly vendor: string;
  /** Absolute, `https:` or `http:`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborts it while it is being opened. */
  readonly signal: AbortSignal;
}

/** The vendor answered in HTTP that it does not open one. */
export interface SocketRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** A WebSocket to a vendor. */
export class VendorSocket {
  private constructor(
    readonly socket: WebSocket,
    readonly inbox: SocketInbox,
    /** Of the vendor's answer to the upgrade. */
    readonly headers: SocketRefusal['headers'],
  ) {}

  /**
   * With the first message, where it is waited for.
   *
   * @throws UpstreamError when it does not come about: refused, cut, too late, or aborted by the signal
   */
  static open(request: SocketRequest, isGreeted: boolean): Promise<VendorSocket | SocketRefusal> {
    const { vendor, url, headers, signal } = request;
    const socket = new WebSocket(url.replace(/^http/, 'ws'), {
      headers,
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MOST_MESSAGE_BYTES,
      perMessageDeflate: false, // sound does not shrink
      followRedirects: false, // it would carry the key to an address that nobody configured
    });
    const inbox = new SocketInbox(socket);
    const { promise, resolve, reject } = Promise.withResolvers<VendorSocket | SocketRefusal>();
    const giveUp = (error: Error): void => {
      socket.terminate();
      reject(error);
    };
    const abort = (): void => giveUp(signal.reason as Error);
    const late = setTimeout(() => giveUp(new UpstreamTimeoutError(vendor, HANDSHAKE_MS)), HANDSHAKE_MS);
    let told: SocketRefusal['headers'] = {};
    const open = (): void => resolve(new VendorSocket(socket, inbox, told));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) {
      abort(); // no listener hears of what was before
    }
    socket
      .on('upgrade', response => (told = singleHeaders(response)))
      .on('unexpected-response', (_, response) => void collect(response).then(resolve, reject))
      .once(isGreeted ? 'message' : 'open', open)
      .on('error', cause => reject(unreachable(vendor, cause)))
      .on('close', code => reject(closedEarly(vendor, code)));
    return promise.finally(() => {
      clearTimeout(late);
      signal.removeEventListener('abort', abort);
    });
  }
}

/** What the vendor says of why not. */
async function collect(response: IncomingMessage): Promise<SocketRefusal> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > REFUSAL_LIMIT_BYTES) {
      break;
    }
  }
  return {
    status: response.statusCode ?? 0,
    headers: singleHeaders(response),
    body: Buffer.concat(pieces).toString(),
  };
}

/** Of those that came several times the first. */
function singleHeaders({ headers }: IncomingMessage): SocketRefusal['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

function unreachable(vendor: string, cause: Error): UpstreamError {
  const message = `The vendor '${vendor}' could not be reached.`;
  return new UpstreamError({ vendor, upstreamStatus: null, message, cause });
}

function closedEarly(vendor: string, code: number): UpstreamError {
  const message = `The vendor '${vendor}' closed the session before it began (${code}).`;
  return new UpstreamError({ vendor, upstreamStatus: null, message });
}
