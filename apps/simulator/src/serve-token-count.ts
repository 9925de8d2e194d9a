import { countPrompt } from './answering/prompt-cache.js';
import type { Prompt } from './answering/prompt.js';
import type { ChatDialect, ChatRequest } from './chat-dialect.js';
import type { Exchange } from './http/exchange.js';
import { readJson } from './http/exchange.js';
import { vendorCall } from './http/vendor-call.js';
import type { World } from './world.js';

/** How one vendor counts the tokens of a prompt. */
export interface TokenCount {
  readonly dialect: ChatDialect;
  /** Throws a `Refusal` for whatever the vendor would not count, key included. */
  readPrompt(request: ChatRequest): Prompt;
  body(tokens: number): object;
}

/** Counts what a model would read: nothing is sold, and nothing remembered. */
export async function serveTokenCount(count: TokenCount, exchange: Exchange, world: World): Promise<void> {
  const { url, received, reply } = exchange;
  const headers = count.dialect.responseHeaders(world.nextId());
  await vendorCall(exchange, count.dialect, headers, async () => {
    const request = { url, headers: received.headers, body: await readJson(exchange, world.traffic) };
    const text = JSON.stringify(count.body(countPrompt(count.readPrompt(request)).input));
    await reply.send(200, { 'content-type': 'application/json', ...headers }, text);
  });
}
