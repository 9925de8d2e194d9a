import { countPrompt } from '../answering/prompt-cache.js';
import type { Exchange } from '../http/exchange.js';
import { readJson } from '../http/exchange.js';
import { sendRefusal } from '../http/misbehave.js';
import { asObject, isObject } from '../json.js';
import { Refusal } from '../refusal.js';
import type { World } from '../world.js';
import { checkContents } from './check-contents.js';
import { checkKey } from './check-request.js';
import { target } from './dialect.js';
import { errorBody } from './errors.js';
import { field } from './fields.js';
import { readPrompt } from './prompt.js';

/** Counts the tokens of contents alone, or of a whole request that names its model again. */
export async function serveTokenCount(exchange: Exchange, { traffic }: World): Promise<void> {
  const { url, received, reply } = exchange;
  try {
    const body = await readJson(exchange, traffic);
    checkKey({ url, headers: received.headers, body });
    const { model } = target(exchange);
    const whole = field(body, 'generateContentRequest');
    if (isObject(whole) && whole.model !== `models/${model}`) {
      throw new Refusal(400, '* CountTokensRequest.generate_content_request.model: does not match the URL.');
    }
    const counted = isObject(whole) ? asObject(whole) : body;
    checkContents(counted);
    const count = { totalTokens: countPrompt(readPrompt(counted, model)).input };
    await reply.send(200, { 'content-type': 'application/json' }, JSON.stringify(count));
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    await sendRefusal(reply, error, { body: errorBody(error), headers: {} });
  }
}
