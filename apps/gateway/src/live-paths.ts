import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { CallerLeftError } from '@app/inference';
import { SocketInbox } from '@app/providers';
import { CallerSocket, NoUpgradeError, type OpenedSocket, RealtimeService } from '@app/realtime';
import { callOf, Config, GatewayError, LOGGER, type Logger, type ProjectRequest } from '@app/shared';
import { WebSocketServer } from 'ws';
import { guarded } from './guarded.js';
import { isHandshake, OPENAI_LIVE } from './server/live-requests.js';

const PROTOCOL = 'realtime';
/** Browsers cannot send headers: OpenAI's client says its key in the name of a protocol. */
const KEY_PROTOCOL = /(?:^|,)\s*openai-insecure-api-key\.([^\s,]+)/;

interface Parts {
  readonly realtime: RealtimeService;
  readonly server: WebSocketServer;
  readonly logger: Logger;
}

/** A request that is taken from HTTP. */
interface Taken {
  readonly request: ProjectRequest;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** What came behind its head. */
  readonly head: Buffer;
}

/** Serves realtime sessions, behind the same guard as all requests: who is refused is told so in HTTP, before the upgrade. */
export function takeLivePaths(app: INestApplication): void {
  const [serve, serveGoogle] = [guarded(app, 'admitSession'), guarded(app, 'admitGoogleSession')];
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: app.get(Config).bodyLimitBytes,
    perMessageDeflate: false, // sound does not shrink
    handleProtocols: offered => (offered.has(PROTOCOL) ? PROTOCOL : false), // never the key
  });
  const parts = { server, realtime: app.get(RealtimeService), logger: app.get<Logger>(LOGGER) };
  server.on('headers', (lines: string[], { ownHeaders = {} }: Upgrading) => {
    lines.push(...Object.entries(ownHeaders).map(([name, value]) => `${name}: ${value}`));
  });
  app.getHttpServer().on('upgrade', (request: ProjectRequest, socket: Socket, head: Buffer) => {
    request.url = request.url?.replace('//', '/'); // scopes of keys know it so
    const taken = { request, response: responseOn(request, socket), socket, head };
    if (pathOf(request) === OPENAI_LIVE) {
      presentKey(request, protocolKeyOf(request));
      void serve(() => talk(parts, taken), request, taken.response);
    } else {
      presentKey(request, protocolKeyOf(request) ?? queryOf(request).get('access_token'));
      void serveGoogle(() => talk(parts, taken), request, taken.response);
    }
  });
}

async function talk({ realtime, server, logger }: Parts, taken: Taken): Promise<void> {
  const { request, socket } = taken;
  if (!isHandshake(request)) {
    throw new NoUpgradeError();
  }
  const call = callOf(request);
  const caller = new CallerSocket(headers => upgraded(server, taken, headers));
  try {
    await (pathOf(request) === OPENAI_LIVE
      ? realtime.openAi({ call, caller }, queryOf(request))
      : realtime.gemini({ call, caller }));
  } catch (error) {
    if (!caller.isAccepted) {
      throw error;
    }
    socket.destroy(); // there is no answer any more that could tell it
    if (!(error instanceof GatewayError)) {
      logger.error({ requestId: request.id, err: error }, 'unexpected error');
    }
  }
}

/** One to answer with as long as it is HTTP. */
function responseOn(request: IncomingMessage, socket: Socket): ServerResponse {
  socket.on('error', () => socket.destroy());
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.once('finish', () => socket.destroySoon()); // whoever stays gets nothing more
  response.assignSocket(socket);
  return response;
}

/** The call counts as open, and its caller as there, as long as the connection is. */
function upgraded(
  server: WebSocketServer,
  { request, response, socket, head }: Taken,
  headers: Readonly<Record<string, string>>,
): Promise<OpenedSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<OpenedSocket>();
  if (socket.destroyed) {
    reject(new CallerLeftError());
    return promise;
  }
  response.detachSocket(socket);
  socket.once('close', () => {
    response.emit('close');
    reject(new CallerLeftError());
  });
  const upgrading = Object.assign(request, { ownHeaders: headers });
  server.handleUpgrade(upgrading, socket, head, opened => {
    resolve({ socket: opened, inbox: new SocketInbox(opened) });
  });
  return promise;
}

type Upgrading = IncomingMessage & { readonly ownHeaders?: Readonly<Record<string, string>> };

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
const queryOf = ({ url = '' }: IncomingMessage): URLSearchParams => new URLSearchParams(url.split('?')[1]);

function protocolKeyOf({ headers }: IncomingMessage): string | null {
  return KEY_PROTOCOL.exec(headers['sec-websocket-protocol'] ?? '')?.[1] ?? null;
}

/** @param key from where it is besides the usual headers: Google's clients say an ephemeral one as `access_token` */
function presentKey({ headers }: IncomingMessage, key: string | null): void {
  if (key !== null && !headers.authorization) {
    headers.authorization = `Bearer ${key}`;
  }
}
