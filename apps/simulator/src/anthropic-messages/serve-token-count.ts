import type { Exchange } from '../http/exchange.js';
import { readJson } from '../http/exchange.js';
import { sendRefusal } from '../http/misbehave.js';
import { Refusal, require400 } from '../refusal.js';
import type { World } from '../world.js';
import { anthropicMessages } from './dialect.js';

/** What belongs to the answer only. */
const REFUSED = ['max_tokens', 'stream', 'stop_sequences', 'temperature', 'top_p', 'top_k', 'metadata'];

/** Counts the tokens of a prompt, at no cost. */
export async function serveTokenCount(exchange: Exchange, world: World): Promise<void> {
  const headers = anthropicMessages.responseHeaders(world.nextId());
  try {
    const body = await readJson(exchange, world.traffic);
    const extra = REFUSED.find(name => body[name] !== undefined);
    require400(extra === undefined, `${extra}: Extra inputs are not permitted`);
    const chat = { url: exchange.url, headers: exchange.received.headers, body: { ...body, max_tokens: 1 } };
    anthropicMessages.check(chat);
    const { input } = world.cache.measure(anthropicMessages.readPrompt(chat));
    const text = JSON.stringify({ input_tokens: input });
    await exchange.reply.send(200, { 'content-type': 'application/json', ...headers }, text);
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    await sendRefusal(exchange.reply, error, { body: anthropicMessages.errorBody(error), headers });
  }
}
