import { anthropicMessages } from './anthropic-messages/dialect.js';
import { gemini } from './gemini/dialect.js';
import type { Exchange } from './http/exchange.js';
import { listModels } from './models.js';
import { openAiChat } from './openai-chat/dialect.js';
import { serveChat } from './serve-chat.js';
import { serveTranscription } from './transcription/serve-transcription.js';
import type { World } from './world.js';

type Handler = (exchange: Exchange, world: World) => Promise<void>;

const ROUTES: Readonly<Record<string, Handler>> = {
  'POST /v1/chat/completions': (exchange, world) => serveChat(openAiChat, exchange, world),
  'POST /v1/messages': (exchange, world) => serveChat(anthropicMessages, exchange, world),
  'POST /v1/audio/transcriptions': serveTranscription,
  'GET /v1/models': exchange => sendJson(exchange, listModels(exchange)),
  'GET /v1beta/models': exchange => sendJson(exchange, listModels(exchange)),
  'GET /health': (exchange, { traffic }) =>
    sendJson(exchange, { status: 'ok', connections: traffic.connections, active: traffic.active }),
  'GET /bill': (exchange, { bill }) => sendJson(exchange, bill.current()),
  'DELETE /bill': (exchange, { bill }) => {
    bill.clear();
    return sendJson(exchange, {});
  },
  'GET /requests': (exchange, { traffic }) =>
    sendJson(exchange, { requests: traffic.received(), aborted: traffic.aborted() }),
  'DELETE /requests': (exchange, { traffic }) => {
    traffic.clear();
    return sendJson(exchange, {});
  },
};

/** Paths about the simulator itself: they are no traffic. */
export function isOwnPath(path: string): boolean {
  return path === '/bill' || path === '/requests' || path === '/health';
}

export async function route(exchange: Exchange, world: World): Promise<void> {
  const { url, request } = exchange;
  const handler = ROUTES[`${request.method} ${url.pathname}`];
  if (handler) {
    await handler(exchange, world);
  } else if (
    request.method === 'POST' &&
    /^\/v1(beta|alpha)?\/models\/.+:(stream)?generateContent$/i.test(url.pathname)
  ) {
    await serveChat(gemini, exchange, world);
  } else {
    const message = `Invalid URL (${request.method} ${url.pathname})`;
    const error = { message, type: 'invalid_request_error', param: null, code: null };
    await sendJson(exchange, { error }, 404);
  }
}

function sendJson({ reply }: Exchange, body: unknown, status = 200): Promise<void> {
  return reply.send(status, { 'content-type': 'application/json' }, JSON.stringify(body));
}
