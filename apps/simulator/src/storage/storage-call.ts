import type { Exchange } from '../http/exchange.js';
import { strikeFault, vendorCall } from '../http/vendor-call.js';
import { checkKey } from '../openai-chat/check-request.js';
import { openAiChat } from '../openai-chat/dialect.js';
import { Refusal } from '../refusal.js';
import type { World } from '../world.js';

/** Runs one call of OpenAI's storage endpoints: key, faults, refusals. `answer` gives the JSON, or null when it has sent. */
export async function storageCall(
  exchange: Exchange,
  world: World,
  answer: (vendor: string) => Promise<unknown> | unknown,
): Promise<void> {
  const vendor = exchange.vendor ?? openAiChat.vendor;
  const headers = openAiChat.responseHeaders(world.nextId());
  await vendorCall(exchange, openAiChat, headers, async () => {
    checkKey(exchange.received.headers);
    if (!(await strikeFault(exchange, world, { vendor }))) {
      return;
    }
    const body = await answer(vendor);
    if (body !== null) {
      await exchange.reply.send(
        200,
        { 'content-type': 'application/json', ...headers },
        JSON.stringify(body),
      );
    }
  });
}

/** What stands behind the collection in a path: `/v1/files/ID/content` has `ID` and `content`. */
export function partsBehind(collection: string, { url }: Exchange): readonly string[] {
  return url.pathname
    .slice(url.pathname.lastIndexOf(collection) + collection.length)
    .split('/')
    .filter(Boolean);
}

export function notFound(what: string, id: string): Refusal {
  return new Refusal(404, `No such ${what}: ${id}`, { param: 'id' });
}

/** A page of a list, newest first. */
export function pageOf<T extends { readonly id: string }>(
  all: readonly T[],
  query: URLSearchParams,
  view: (item: T) => object,
): object {
  const newest = all.toReversed();
  const after = query.get('after');
  const start = after === null ? 0 : newest.findIndex(({ id }) => id === after) + 1;
  const page = newest.slice(start, start + Number(query.get('limit') ?? 100));
  return {
    object: 'list',
    data: page.map(view),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: start + page.length < newest.length,
  };
}
