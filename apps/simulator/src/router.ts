import { anthropicMessages } from './anthropic-messages/dialect.js';
import { gemini } from './gemini/dialect.js';
import type { Exchange } from './http/exchange.js';
import { serveImages } from './images/serve-images.js';
import { openAiChat } from './openai-chat/dialect.js';
import { serveChat } from './serve-chat.js';
import { serveModels } from './serve-models.js';
import { serveBatches, serveMessageBatches } from './storage/serve-batches.js';
import { serveFiles } from './storage/serve-files.js';
import { serveTranscription } from './transcription/serve-transcription.js';
import type { World } from './world.js';

type Handler = (exchange: Exchange, world: World) => Promise<void>;

const ROUTES: Readonly<Record<string, Handler>> = {
  'POST /v1/chat/completions': (exchange, world) => serveChat(openAiChat, exchange, world),
  'POST /v1/messages': (exchange, world) => serveChat(anthropicMessages, exchange, world),
  'POST /v1/audio/transcriptions': serveTranscription,
  'POST /v1/images/generations': serveImages,
  'POST /v1/images/edits': serveImages,
  'POST /v1/images/variations': serveImages,
  'GET /v1/models': serveModels,
  'GET /v1beta/models': serveModels,
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

/** A path that begins with a vendor's name: `/groq/v1/chat/completions` is billed to `groq`. */
const OF_VENDOR = /^\/(?!v1)([\w-]+)(\/v1.*)$/;
/** Compatible vendors have the same endpoints below paths of their own: `/deepseek/chat/completions`. */
const BELOW_OTHER_PATH =
  /^\/(?!v1)([\w-]+)(?:\/[\w.%-]+)*?(?:\/v1)?(\/(?:chat\/completions|audio\/transcriptions|models|images\/\w+|(?:files|batches)(?:\/[\w-]+)*))$/;

function addressOf(pathname: string): { readonly vendor?: string; readonly path: string } {
  const plain = OF_VENDOR.exec(pathname);
  const other = plain ? null : BELOW_OTHER_PATH.exec(pathname);
  const [, vendor, path = pathname] = plain ?? (other && [pathname, other[1], `/v1${other[2]}`]) ?? [];
  return { ...(vendor !== undefined && { vendor }), path };
}

export async function route(exchange: Exchange, world: World): Promise<void> {
  const { url, request } = exchange;
  const { vendor, path } = addressOf(url.pathname);
  const handler =
    ROUTES[`${request.method} ${path}`] ?? geminiRoute(request.method, path) ?? storageRoute(path);
  if (handler) {
    await handler(vendor === undefined ? exchange : { ...exchange, vendor }, world);
  } else {
    const message = `Invalid URL (${request.method} ${url.pathname})`;
    const error = { message, type: 'invalid_request_error', param: null, code: null };
    await sendJson(exchange, { error }, 404);
  }
}

function geminiRoute(method: string | undefined, path: string): Handler | undefined {
  return method === 'POST' && /^\/v1(beta|alpha)?\/models\/.+:(g|streamG)enerateContent$/.test(path)
    ? (exchange, world) => serveChat(gemini, exchange, world)
    : undefined;
}

function storageRoute(path: string): Handler | undefined {
  if (/^\/v1\/files(\/|$)/.test(path)) {
    return serveFiles;
  }
  if (/^\/v1\/messages\/batches(\/|$)/.test(path)) {
    return serveMessageBatches;
  }
  return /^\/v1\/batches(\/|$)/.test(path) ? serveBatches : undefined;
}

function sendJson({ reply }: Exchange, body: unknown, status = 200): Promise<void> {
  return reply.send(status, { 'content-type': 'application/json' }, JSON.stringify(body));
}
