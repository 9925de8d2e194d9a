import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Fault } from '../faults.js';
import { geminiLive } from '../gemini-live/dialect.js';
import { type Exchange, urlOf } from '../http/exchange.js';
import { Reply } from '../http/reply.js';
import { strikeFault, vendorCall } from '../http/vendor-call.js';
import { openAiRealtime } from '../openai-realtime/dialect.js';
import { Refusal } from '../refusal.js';
import { addressOf } from '../router.js';
import type { ReceivedRequest } from '../traffic.js';
import type { World } from '../world.js';
import type { Admission, LiveDialect } from './live-dialect.js';
import { Outlet } from './outlet.js';

const MOST_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Of the messages of one connection that `/requests` shows, and of the bytes of each. */
const MOST_SHOWN = 200;
const MOST_SHOWN_BYTES = 4096;

const GEMINI_LIVE =
  /^\/(?:([\w-]+)\/)?ws\/google\.ai\.generativelanguage\.v1(?:alpha|beta)?\.GenerativeService\.BidiGenerateContent(?:Constrained)?$/;

/** Turns HTTP connections into WebSockets, or answers in HTTP why not. */
export class Upgrades {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    perMessageDeflate: false,
    // Browsers say their key in a protocol of its own; the answer must not repeat it.
    handleProtocols: offered => (offered.has('realtime') ? 'realtime' : false),
  });

  /** Open, and not the HTTP server's any more. */
  private readonly sockets = new Set<Socket>();

  constructor(private readonly world: World) {}

  /** Answers one upgrade request. */
  accept(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { traffic } = this.world;
    const url = urlOf(request);
    const received = traffic.receive('GET', url.pathname + url.search, request.headers);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.end());
    const { vendor, dialect } = speakerOf(url.pathname);
    const exchange: Exchange = {
      request,
      url,
      reply: new Reply(response),
      received,
      ...(vendor !== undefined && { vendor }),
    };
    const upgrade = (): Promise<WebSocket> => {
      response.detachSocket(socket);
      return new Promise(resolve => this.server.handleUpgrade(request, socket, head, resolve));
    };
    this.answer(exchange, dialect, upgrade).catch(() => socket.destroy());
  }

  close(): void {
    this.sockets.forEach(socket => socket.destroy());
  }

  private answer(
    exchange: Exchange,
    dialect: LiveDialect | undefined,
    upgrade: () => Promise<WebSocket>,
  ): Promise<void> {
    const { world } = this;
    return vendorCall(exchange, dialect ?? openAiRealtime, {}, async () => {
      if (!dialect) {
        throw new Refusal(404, `Invalid URL (GET ${exchange.url.pathname})`);
      }
      const admission = dialect.admit(exchange, world);
      const vendor = exchange.vendor ?? dialect.vendor;
      const fault = await strikeFault(exchange, world, { vendor, model: admission.model });
      if (fault) {
        const outlet = new Outlet(await upgrade(), dialect.binary);
        connect({ ...exchange, vendor }, { admission, outlet, fault, world });
      }
    });
  }
}

function speakerOf(pathname: string): { readonly vendor?: string; readonly dialect?: LiveDialect } {
  const live = GEMINI_LIVE.exec(pathname);
  if (live) {
    return { ...(live[1] !== undefined && { vendor: live[1] }), dialect: geminiLive };
  }
  const { vendor, path } = addressOf(pathname);
  return {
    ...(vendor !== undefined && { vendor }),
    ...(path === '/v1/realtime' && { dialect: openAiRealtime }),
  };
}

interface Connection {
  readonly admission: Admission;
  readonly outlet: Outlet;
  readonly fault: Fault;
  readonly world: World;
}

function connect(
  exchange: Exchange & { readonly vendor: string },
  { admission, outlet, fault, world }: Connection,
): void {
  const { traffic } = world;
  const { received } = exchange;
  const show = shownMessages(received);
  // Opening a delayed fault again with each answer would be a fault that strikes twice.
  const { delay: _, ...lasting } = fault;
  const session = admission.open({ vendor: exchange.vendor, exchange, outlet, world, fault: lasting });
  traffic.active++;
  outlet.onMessage(data => {
    show(data);
    return session.receive(data);
  });
  outlet.onClose(() => {
    traffic.active--;
    if (session.isAnswering && !outlet.wasCut) {
      traffic.abort(received);
    }
    session.leave();
  });
}

/** Lets `/requests` show the first messages of a connection; audio is too long to be. */
function shownMessages(received: ReceivedRequest): (data: string) => void {
  const messages: string[] = [];
  received.body = messages;
  return data => {
    if (messages.length < MOST_SHOWN && data.length <= MOST_SHOWN_BYTES) {
      messages.push(data);
    }
  };
}
