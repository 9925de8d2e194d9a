import { readDirectives } from '../answering/directives.js';
import { countTokens, TOKENS_PER_MEDIUM } from '../answering/tokens.js';
import type { Fault } from '../faults.js';
import type { Exchange } from '../http/exchange.js';
import { firstHalf } from '../http/reply.js';
import { strikeFault, vendorCall } from '../http/vendor-call.js';
import { checkKey } from '../openai-chat/check-request.js';
import { openAiChat } from '../openai-chat/dialect.js';
import type { World } from '../world.js';
import { pictureOf } from './png.js';
import { type ImagesRequest, readImagesRequest } from './read-request.js';

/** Every picture that is made costs as much, whatever its size. */
const TOKENS_PER_PICTURE = 272;
/** The pictures in between are billed besides. */
const TOKENS_PER_PARTIAL = 100;
const CREATED = 1_767_225_600;

/** Answers OpenAI's `/v1/images/{generations,edits,variations}`. */
export async function serveImages(exchange: Exchange, world: World): Promise<void> {
  const vendor = exchange.vendor ?? openAiChat.vendor;
  const headers = openAiChat.responseHeaders(world.nextId());
  const task = exchange.url.pathname.split('/').at(-1) ?? '';
  await vendorCall(exchange, openAiChat, headers, async () => {
    checkKey(exchange.received.headers);
    const asked = await readImagesRequest(exchange, world.traffic, task);
    const { directives, rest } = readDirectives(asked.prompt);
    const fault = await strikeFault(exchange, world, {
      vendor,
      model: asked.model,
      told: directives.get('fault'),
    });
    if (!fault) {
      return;
    }
    const drawn: Drawn = { asked, task, prompt: rest, fault };
    await (asked.stream ? stream(drawn, exchange) : whole(drawn, exchange, headers));
    settle(vendor, asked, world);
  });
}

interface Drawn {
  readonly asked: ImagesRequest;
  readonly task: string;
  readonly prompt: string;
  readonly fault: Fault;
}

async function whole(
  { asked, prompt, fault }: Drawn,
  { reply }: Exchange,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const data = Array.from({ length: asked.count }, (_, index) => ({ b64_json: draw(prompt, index) }));
  const body = JSON.stringify({
    created: CREATED,
    background: 'opaque',
    data,
    output_format: 'png',
    quality: 'medium',
    size: asked.size,
    ...(fault.noUsage ? {} : { usage: usageOf(asked) }),
  });
  const type = { 'content-type': 'application/json', ...headers };
  await reply.send(200, type, fault.malformed ? firstHalf(body) : body);
}

async function stream({ asked, task, prompt, fault }: Drawn, exchange: Exchange): Promise<void> {
  const { reply, url, received } = exchange;
  const name = task === 'edits' ? 'image_edit' : 'image_generation';
  reply.start(200, { 'content-type': 'text/event-stream' });
  for (let index = 0; index < asked.partialImages; index++) {
    if (index === fault.errorEvent) {
      await reply.write(openAiChat.errorFrame({ url, headers: received.headers, body: {} }));
      reply.end();
      return;
    }
    const partial = { partial_image_index: index, b64_json: draw(prompt, index), size: asked.size };
    if (!(await reply.write(event(`${name}.partial_image`, partial)))) {
      return;
    }
  }
  if (!fault.endEarly) {
    const usage = fault.noUsage ? {} : { usage: usageOf(asked) };
    await reply.write(event(`${name}.completed`, { b64_json: draw(prompt, 0), size: asked.size, ...usage }));
  }
  reply.end();
}

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, created_at: CREATED, output_format: 'png', ...fields })}\n\n`;
}

function draw(prompt: string, index: number): string {
  return pictureOf(`${prompt} ${index}`).toString('base64');
}

function usageOf({ prompt, images, count, partialImages }: ImagesRequest) {
  const text_tokens = countTokens(prompt);
  const image_tokens = images * TOKENS_PER_MEDIUM;
  const output_tokens = count * TOKENS_PER_PICTURE + partialImages * TOKENS_PER_PARTIAL;
  return {
    input_tokens: text_tokens + image_tokens,
    input_tokens_details: { text_tokens, image_tokens },
    output_tokens,
    total_tokens: text_tokens + image_tokens + output_tokens,
  };
}

function settle(vendor: string, asked: ImagesRequest, world: World): void {
  const { input_tokens, output_tokens } = usageOf(asked);
  world.bill.add(vendor, asked.model, { input: input_tokens, output: output_tokens });
}
