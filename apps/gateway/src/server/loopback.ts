import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import { type Duplex, duplexPair } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { signalOf } from '@app/auth';
import { type AnswerHead, type AnswerSource, IDEMPOTENCY_KEY, type Recording } from '@app/idempotency';
import type { Call, ProjectRequest } from '@app/shared';

/** About the connection of the caller, or of the loopback; and pages of other origins are answered where they asked. */
const HOP = /^(connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|expect|origin)$/;
const OF_ANSWERS = /^(connection|keep-alive|transfer-encoding|date)$/;
/** The answers of vendors have large heads, too. */
const HEAD_LIMIT_BYTES = 128 * 1024;

/** What the gateway's own server has let in, gets in. */
const OPTIONS = { maxHeaderSize: HEAD_LIMIT_BYTES, requireHostHeader: false };

/** A request as it is made once more, within the gateway. */
export interface Inner {
  readonly request: IncomingMessage;
  /** As it was addressed. */
  readonly url: string;
  readonly body: Buffer;
  /** Let in already. */
  readonly call: Call;
}

/**
 * The gateway calls itself, through a pipe in memory: so a call runs on whoever reads its answer, or leaves, takes the same
 * way as every other, and what is on that way need not know.
 */
export class Loopback {
  private readonly server: Server;
  private readonly calls = new WeakMap<Duplex, Call>();

  /** @param gateway serves what comes through */
  constructor(gateway: Server) {
    this.server = createServer(OPTIONS, (request, response) => {
      const call = this.calls.get(request.socket);
      if (call) {
        const letIn: Partial<ProjectRequest> = { id: call.id, call: { ...call, signal: signalOf(response) } };
        gateway.emit('request', Object.assign(request, letIn), response);
      }
    });
  }

  /** Makes the call, whose answer goes into the recording. Never fails: what breaks off cuts the recording. */
  carry({ request, url, body, call }: Inner, into: Recording): AnswerSource {
    const [near, far] = duplexPair();
    const { remoteAddress, encrypted } = request.socket as TLSSocket;
    Object.assign(far, { remoteAddress, encrypted });
    this.calls.set(far, call);
    const abort = (): void => {
      near.destroy();
      far.destroy();
    };
    far.once('close', () => {
      if (!far.writableFinished) {
        near.destroy(); // the answer was cut
      }
    });
    this.server.emit('connection', far);
    const outgoing = httpRequest({
      method: request.method,
      path: url,
      headers: headersOf(request, body) as unknown as Record<string, string>,
      setHost: false,
      createConnection: () => near,
      maxHeaderSize: HEAD_LIMIT_BYTES,
    });
    let answer: IncomingMessage | null = null;
    outgoing.once('response', response => {
      answer = response;
      into.begin(headOf(response));
      response
        .on('data', (chunk: Buffer) => into.push(chunk) || response.pause())
        .once('close', () => into.end(response.complete ? 'complete' : 'cut'))
        .on('error', abort);
    });
    outgoing.on('error', abort).once('close', () => answer ?? into.end('cut'));
    outgoing.end(body);
    return { resume: () => answer?.resume(), abort };
  }
}

/** Names and values in turn, as they came. Without the key: its request is made once, and is one like any other. */
function headersOf({ rawHeaders }: IncomingMessage, body: Buffer): string[] {
  const headers: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const known = name.toLowerCase();
    if (known !== IDEMPOTENCY_KEY && known !== 'content-length' && !HOP.test(known)) {
      headers.push(name, value);
    }
  }
  return [...headers, 'content-length', String(body.length), 'connection', 'close'];
}

function headOf({ statusCode = 502, headers }: IncomingMessage): AnswerHead {
  const kept = Object.entries(headers).filter(([name]) => !OF_ANSWERS.test(name));
  return { status: statusCode, headers: Object.fromEntries(kept) as AnswerHead['headers'] };
}
