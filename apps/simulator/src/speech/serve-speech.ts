import { readDirectives } from '../answering/directives.js';
import { countTokens } from '../answering/tokens.js';
import type { Fault } from '../faults.js';
import type { Exchange } from '../http/exchange.js';
import { readJson } from '../http/exchange.js';
import { strikeFault, vendorCall } from '../http/vendor-call.js';
import { checkKey } from '../openai-chat/check-request.js';
import { openAiChat } from '../openai-chat/dialect.js';
import type { World } from '../world.js';
import type { SpeechAccent } from './accents.js';
import { checkSpeech, type SpeechRequest } from './check.js';
import { secondsOf, soundOf, SOUND_TYPES } from './sound.js';

const TOKENS_PER_SECOND = 20;

/** Answers OpenAI's speech endpoint. */
export async function serveSpeech(exchange: Exchange, world: World): Promise<void> {
  const vendor = exchange.vendor ?? openAiChat.vendor;
  const headers = openAiChat.responseHeaders(world.nextId());
  await vendorCall(exchange, openAiChat, headers, async () => {
    checkKey(exchange.received.headers);
    const asked = checkSpeech(await readJson(exchange, world.traffic));
    const told = readDirectives(asked.input).directives.get('fault');
    const fault = await strikeFault(exchange, world, { vendor, model: asked.model, told });
    if (!fault) {
      return;
    }
    // The text is billed when it is read, whoever leaves then.
    const usage = usageOf(asked);
    world.bill.add(
      vendor,
      asked.model,
      asked.model.startsWith('gpt-')
        ? { input: usage.input_tokens, output: usage.output_tokens }
        : { characters: [...asked.input].length },
    );
    await (asked.asEvents ? sendEvents(asked, fault, exchange) : sendSound(asked, fault, exchange, headers));
  });
}

/** Answers an endpoint for speech that is not OpenAI's. Billed by the characters. */
export async function serveSpeechAccent(
  accent: SpeechAccent,
  exchange: Exchange,
  world: World,
): Promise<void> {
  const vendor = exchange.vendor ?? accent.vendor;
  await vendorCall(exchange, accent, {}, async () => {
    const asked = accent.read(exchange, await readJson(exchange, world.traffic));
    const { model, input } = asked;
    const told = readDirectives(input).directives.get('fault');
    const fault = await strikeFault(exchange, world, { vendor, model, told });
    if (fault) {
      world.bill.add(vendor, model, { characters: [...input].length });
      await sendSound(asked, fault, exchange, {});
    }
  });
}

async function sendSound(
  { input, speed, format }: SpeechRequest,
  fault: Fault,
  { reply }: Exchange,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  reply.start(200, { 'content-type': SOUND_TYPES[format], ...headers });
  for (const piece of soundOf(format, secondsOf(input, speed))) {
    if (!(await reply.write(piece)) || (fault.pace !== undefined && !(await reply.pause(fault.pace)))) {
      return;
    }
  }
  reply.end();
}

async function sendEvents(asked: SpeechRequest, fault: Fault, exchange: Exchange): Promise<void> {
  const { reply, url, received } = exchange;
  const { input, speed, format } = asked;
  reply.start(200, { 'content-type': 'text/event-stream' });
  let deltas = 0;
  for (const piece of soundOf(format, secondsOf(input, speed))) {
    if (deltas === fault.errorEvent) {
      await reply.write(openAiChat.errorFrame({ url, headers: received.headers, body: {} }));
      reply.end();
      return;
    }
    const delta = event({ type: 'speech.audio.delta', audio: piece.toString('base64') });
    if (!(await reply.write(delta)) || (fault.pace !== undefined && !(await reply.pause(fault.pace)))) {
      return;
    }
    deltas++;
  }
  if (!fault.endEarly) {
    const usage = fault.noUsage ? {} : { usage: usageOf(asked) };
    await reply.write(event({ type: 'speech.audio.done', ...usage }));
  }
  reply.end();
}

function event(fields: object): string {
  return `data: ${JSON.stringify(fields)}\n\n`;
}

function usageOf({ input, instructions, speed }: SpeechRequest) {
  const input_tokens = countTokens(input + instructions);
  const output_tokens = Math.ceil(secondsOf(input, speed) * TOKENS_PER_SECOND);
  return { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
}
