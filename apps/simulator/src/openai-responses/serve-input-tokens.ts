import { PromptCache } from '../answering/prompt-cache.js';
import type { Exchange } from '../http/exchange.js';
import { readJson } from '../http/exchange.js';
import { sendRefusal } from '../http/misbehave.js';
import { Refusal } from '../refusal.js';
import type { World } from '../world.js';
import { openAiResponses } from './dialect.js';

/** Counts what a model would read; nothing is sold. */
export async function serveInputTokens(exchange: Exchange, world: World): Promise<void> {
  const { url, received, reply } = exchange;
  const headers = openAiResponses.responseHeaders(world.nextId());
  try {
    const request = { url, headers: received.headers, body: await readJson(exchange, world.traffic) };
    openAiResponses.check(request);
    const { input } = new PromptCache().measure(openAiResponses.readPrompt(request));
    const body = JSON.stringify({ object: 'response.input_tokens', input_tokens: input });
    await reply.send(200, { 'content-type': 'application/json', ...headers }, body);
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    await sendRefusal(reply, error, { body: openAiResponses.errorBody(error), headers });
  }
}
