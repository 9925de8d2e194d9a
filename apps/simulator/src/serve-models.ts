import { anthropicMessages } from './anthropic-messages/dialect.js';
import { checkHeaders } from './anthropic-messages/check-request.js';
import type { ChatDialect, ChatRequest } from './chat-dialect.js';
import { gemini } from './gemini/dialect.js';
import { checkKey as checkGoogleKey } from './gemini/check-request.js';
import type { Exchange } from './http/exchange.js';
import { strikeFault, vendorCall } from './http/vendor-call.js';
import { checkKey } from './openai-chat/check-request.js';
import { openAiChat } from './openai-chat/dialect.js';
import type { World } from './world.js';

const OPENAI = ['gpt-4o', 'gpt-4o-mini', 'gpt-5', 'gpt-5-mini', 'whisper-1', 'gpt-4o-transcribe'];
const ANTHROPIC = ['claude-sonnet-5', 'claude-opus-4-6', 'claude-haiku-4-5', 'claude-3-opus-20240229'];
const GOOGLE = ['gemini-2.5-flash', 'gemini-3-flash-preview', 'gemini-3-pro-preview'];
/** Stays in the list, as the real one does, and cannot be called. */
const RETIRED = 'claude-3-opus-20240229';

interface Listing {
  readonly dialect: ChatDialect;
  check(request: ChatRequest): void;
  list(query: URLSearchParams): unknown;
}

/** Lists the models of whichever vendor is asked. Any other model name is answered as well. */
export async function serveModels(exchange: Exchange, world: World): Promise<void> {
  const { url, received, reply } = exchange;
  const { dialect, check, list } = listingFor(exchange);
  const headers = dialect.responseHeaders(world.nextId());
  await vendorCall(exchange, dialect, headers, async () => {
    if (!(await strikeFault(exchange, world, { vendor: exchange.vendor ?? dialect.vendor }))) {
      return;
    }
    check({ url, headers: received.headers, body: {} });
    const body = JSON.stringify(list(url.searchParams));
    await reply.send(200, { 'content-type': 'application/json', ...headers }, body);
  });
}

/** One path, three protocols: the headers tell which. */
function listingFor({ url, received: { headers } }: Exchange): Listing {
  if (url.pathname.includes('/v1beta/') || headers['x-goog-api-key'] || url.searchParams.has('key')) {
    return { dialect: gemini, check: checkGoogleKey, list: listGoogle };
  }
  return headers['anthropic-version']
    ? {
        dialect: anthropicMessages,
        check: request => void checkHeaders(request.headers),
        list: listAnthropic,
      }
    : { dialect: openAiChat, check: request => checkKey(request.headers), list: listOpenAi };
}

function listOpenAi(): unknown {
  return {
    object: 'list',
    data: OPENAI.map(id => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'simulator' })),
  };
}

/** Newest first, in pages of 20 unless asked otherwise. */
function listAnthropic(query: URLSearchParams): unknown {
  const { page, more } = pageOf(ANTHROPIC, query.get('after_id'), Number(query.get('limit') ?? 20));
  return {
    data: page.map(id => ({
      type: 'model',
      id,
      display_name: id,
      created_at: '2026-01-01T00:00:00Z',
      lifecycle: id === RETIRED ? 'retired' : 'active',
      max_input_tokens: 200_000,
    })),
    has_more: more,
    first_id: page[0] ?? null,
    last_id: page.at(-1) ?? null,
  };
}

/** In pages of 50 unless asked otherwise; the token of the next one is the last name of this one. */
function listGoogle(query: URLSearchParams): unknown {
  const { page, more } = pageOf(GOOGLE, query.get('pageToken'), Number(query.get('pageSize') ?? 50));
  return {
    models: page.map(name => ({
      name: `models/${name}`,
      displayName: name,
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: ['generateContent', 'countTokens'],
    })),
    ...(more && { nextPageToken: page.at(-1) }),
  };
}

function pageOf(names: readonly string[], after: string | null, size: number) {
  const start = after === null ? 0 : names.indexOf(after) + 1;
  return { page: names.slice(start, start + size), more: start + size < names.length };
}
