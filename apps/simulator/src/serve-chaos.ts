import type { Exchange } from './http/exchange.js';
import { readAny } from './http/exchange.js';
import { Refusal } from './refusal.js';
import type { World } from './world.js';

/** Takes the rules of the chaos. */
export async function serveChaos(exchange: Exchange, { chaos }: World): Promise<void> {
  const { reply, request } = exchange;
  const type = { 'content-type': 'application/json' };
  try {
    chaos.set((await readAny(request)).body);
    await reply.send(200, type, '{}');
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    await reply.send(error.status, type, JSON.stringify({ error: { message: error.message } }));
  }
}
