import { anthropicMessages } from './anthropic-messages/dialect.js';
import { anthropicOnVertex, countOnVertex } from './anthropic-messages/on-vertex.js';
import { messagesCount } from './anthropic-messages/token-count.js';
import { gemini } from './gemini/dialect.js';
import { geminiCount } from './gemini/token-count.js';
import type { Exchange } from './http/exchange.js';
import { serveChaos } from './serve-chaos.js';
import { serveImages } from './images/serve-images.js';
import { chatOf } from './openai-chat/accented.js';
import { openAiCompletions } from './openai-completions/dialect.js';
import { compaction } from './openai-responses/compaction.js';
import { openAiResponses } from './openai-responses/dialect.js';
import { responsesCount } from './openai-responses/token-count.js';
import { serveClientSecrets } from './openai-realtime/serve-client-secrets.js';
import { serveChat } from './serve-chat.js';
import { serveModels } from './serve-models.js';
import { serveTokenCount } from './serve-token-count.js';
import { deepgramVoice, elevenLabsVoice } from './speech/accents.js';
import { serveSpeech, serveSpeechAccent } from './speech/serve-speech.js';
import { cohereEmbed } from './tasks/cohere-embed.js';
import { bedrockInvocation, vertexPrediction } from './tasks/cloud-embeddings.js';
import { embeddingsOf } from './tasks/embeddings.js';
import { googleEmbeddings } from './tasks/google-embeddings.js';
import { mistralModerations, openAiModerations } from './tasks/moderations.js';
import { cohereRerank, jinaRerank, voyageRerank } from './tasks/rerank.js';
import { serveTask, type Task } from './tasks/serve-task.js';
import { serveBatches, serveMessageBatches } from './storage/serve-batches.js';
import { serveFiles } from './storage/serve-files.js';
import { deepgram } from './transcription/deepgram.js';
import { elevenLabs } from './transcription/elevenlabs.js';
import { mistral } from './transcription/mistral.js';
import { serveAccent } from './transcription/serve-accent.js';
import { serveTranscription } from './transcription/serve-transcription.js';
import type { World } from './world.js';

type Handler = (exchange: Exchange, world: World) => Promise<void>;

/** A task, in the words of the vendor that the path names. */
const task =
  (of: (vendor: string | undefined) => Task): Handler =>
  (exchange, world) =>
    serveTask(of(exchange.vendor), exchange, world);

const ROUTES: Readonly<Record<string, Handler>> = {
  'POST /v1/chat/completions': (exchange, world) => serveChat(chatOf(exchange.vendor), exchange, world),
  'POST /v1/completions': (exchange, world) => serveChat(openAiCompletions, exchange, world),
  'POST /v1/embeddings': task(vendor => embeddingsOf(vendor ?? 'openai')),
  'POST /v1/moderations': task(vendor => (vendor === 'mistral' ? mistralModerations : openAiModerations)),
  'POST /v1/rerank': task(vendor => (vendor === 'voyage' ? voyageRerank : jinaRerank)),
  'POST /v2/embed': task(() => cohereEmbed),
  'POST /v2/rerank': task(() => cohereRerank),
  'POST /v1/responses': (exchange, world) => serveChat(openAiResponses, exchange, world),
  'POST /v1/responses/compact': (exchange, world) => serveChat(compaction, exchange, world),
  'POST /v1/responses/input_tokens': (exchange, world) => serveTokenCount(responsesCount, exchange, world),
  'POST /v1/messages': (exchange, world) => serveChat(anthropicMessages, exchange, world),
  'POST /v1/messages/count_tokens': (exchange, world) => serveTokenCount(messagesCount, exchange, world),
  'POST /v1/audio/transcriptions': (exchange, world) =>
    exchange.vendor === 'mistral'
      ? serveAccent(mistral, exchange, world)
      : serveTranscription(exchange, world),
  'POST /v1/listen': (exchange, world) => serveAccent(deepgram, exchange, world),
  'POST /v1/speak': (exchange, world) => serveSpeechAccent(deepgramVoice, exchange, world),
  'POST /v1/speech-to-text': (exchange, world) => serveAccent(elevenLabs, exchange, world),
  'POST /v1/audio/translations': serveTranscription,
  'POST /v1/audio/speech': serveSpeech,
  'POST /v1/images/generations': serveImages,
  'POST /v1/images/edits': serveImages,
  'POST /v1/images/variations': serveImages,
  'POST /v1/realtime/client_secrets': serveClientSecrets,
  'GET /v1/models': serveModels,
  'GET /v1beta/models': serveModels,
  'GET /health': (exchange, { traffic }) =>
    sendJson(exchange, { status: 'ok', connections: traffic.connections, active: traffic.active }),
  'GET /bill': (exchange, { bill }) => sendJson(exchange, bill.current()),
  'DELETE /bill': (exchange, { bill }) => {
    bill.clear();
    return sendJson(exchange, {});
  },
  'GET /receipts': (exchange, { bill }) => sendJson(exchange, bill.issued()),
  'GET /calls': (exchange, { calls }) => sendJson(exchange, calls.current()),
  'DELETE /calls': (exchange, { calls }) => {
    calls.clear();
    return sendJson(exchange, {});
  },
  'PUT /chaos': serveChaos,
  'DELETE /chaos': (exchange, { chaos }) => {
    chaos.clear();
    return sendJson(exchange, {});
  },
  'GET /requests': (exchange, { traffic }) =>
    sendJson(exchange, { requests: traffic.received(), aborted: traffic.aborted() }),
  'DELETE /requests': (exchange, { traffic }) => {
    traffic.clear();
    return sendJson(exchange, {});
  },
};

const OWN_PATHS: ReadonlySet<string> = new Set([
  '/bill',
  '/receipts',
  '/calls',
  '/chaos',
  '/requests',
  '/health',
]);

/** Paths about the simulator itself: they are no traffic. */
export function isOwnPath(path: string): boolean {
  return OWN_PATHS.has(path);
}

/** A path that begins with a vendor's name: `/groq/v1/chat/completions` is billed to `groq`. */
const OF_VENDOR = /^\/(?!v[12])([\w-]+)(\/v[12](?!.*\/endpoints\/).*)$/;
/** Compatible vendors have the same endpoints below paths of their own: `/deepseek/chat/completions`. */
const BELOW_OTHER_PATH =
  /^\/(?!v[12])([\w-]+)(?:\/[\w.%-]+)*?(?:\/v1)?(\/(?:chat\/completions|completions|responses|messages(?:\/count_tokens)?|audio\/\w+|embeddings|moderations|rerank|models|realtime(?:\/client_secrets)?|images\/\w+|(?:files|batches)(?:\/[\w-]+)*))$/;

/** Whose endpoint a path names, and as OpenAI calls it. */
export function addressOf(pathname: string): { readonly vendor?: string; readonly path: string } {
  const plain = OF_VENDOR.exec(pathname);
  const other = plain ? null : BELOW_OTHER_PATH.exec(pathname);
  const [, vendor, path = pathname] = plain ?? (other && [pathname, other[1], `/v1${other[2]}`]) ?? [];
  return { ...(vendor !== undefined && { vendor }), path };
}

export async function route(exchange: Exchange, world: World): Promise<void> {
  const { url, request } = exchange;
  const { vendor, path } = addressOf(url.pathname);
  const handler =
    ROUTES[`${request.method} ${path}`] ??
    googleRoute(request.method, path) ??
    voiceRoute(path) ??
    (BEDROCK_INVOKE.test(path) ? task(() => bedrockInvocation) : storageRoute(path));
  if (handler) {
    await handler(vendor === undefined ? exchange : { ...exchange, vendor }, world);
  } else {
    const message = `Invalid URL (${request.method} ${url.pathname})`;
    const error = { message, type: 'invalid_request_error', param: null, code: null };
    await sendJson(exchange, { error }, 404);
  }
}

const BEDROCK_INVOKE = /\/model\/[^/]+\/invoke$/;

/** What has its model in the path: the Gemini API, and at Vertex Gemini and Claude. */
const MODEL_IN_PATH = /^\/v1[a-z0-9]*\/(?:projects\/.+\/publishers\/(google|anthropic)\/)?models\/.+:(\w+)$/;

function googleRoute(method: string | undefined, path: string): Handler | undefined {
  if (path.endsWith('/publishers/anthropic/models/count-tokens:rawPredict')) {
    return (exchange, world) => serveTokenCount(countOnVertex, exchange, world);
  }
  const [, publisher = 'google', action] = (method === 'POST' && MODEL_IN_PATH.exec(path)) || [];
  switch (`${publisher} ${action}`) {
    case 'google generateContent':
    case 'google streamGenerateContent':
      return (exchange, world) => serveChat(gemini, exchange, world);
    case 'google countTokens':
      return (exchange, world) => serveTokenCount(geminiCount, exchange, world);
    case 'google embedContent':
    case 'google batchEmbedContents':
      return task(() => googleEmbeddings);
    case 'google predict':
      return task(() => vertexPrediction);
    case 'anthropic rawPredict':
    case 'anthropic streamRawPredict':
      return (exchange, world) => serveChat(anthropicOnVertex, exchange, world);
    default:
      return undefined;
  }
}

/** ElevenLabs has the voice in the path. */
function voiceRoute(path: string): Handler | undefined {
  return /^\/v1\/text-to-speech\/\w+\/stream$/.test(path)
    ? (exchange, world) => serveSpeechAccent(elevenLabsVoice, exchange, world)
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
