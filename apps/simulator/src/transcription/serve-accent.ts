import { readDirectives } from '../answering/directives.js';
import type { Exchange } from '../http/exchange.js';
import { firstHalf } from '../http/reply.js';
import { strikeFault, vendorCall } from '../http/vendor-call.js';
import type { World } from '../world.js';
import type { Accent } from './accent.js';
import { streamWords } from './stream-words.js';
import { transcriptOf } from './transcript.js';

/** Answers an endpoint for transcriptions that is not OpenAI's. Billed by the second. */
export async function serveAccent(accent: Accent, exchange: Exchange, world: World): Promise<void> {
  const vendor = exchange.vendor ?? accent.vendor;
  await vendorCall(exchange, accent, {}, async () => {
    const heard = await accent.read(exchange, world.traffic);
    const told = readDirectives(heard.hint).directives.get('fault');
    const fault = await strikeFault(exchange, world, { vendor, model: heard.model, told });
    if (!fault) {
      return;
    }
    const text = transcriptOf({ task: 'transcribe', recording: heard.recording }, heard.hint);
    const settle = (): void =>
      world.bill.add(vendor, heard.model, { audio_seconds: heard.recording.seconds });
    const events = accent.events?.(heard, text, fault);
    if (events) {
      await streamWords(exchange, { text, fault, settle, ...events });
      return;
    }
    settle();
    const body = JSON.stringify(accent.answer(heard, text, fault));
    const type = { 'content-type': 'application/json' };
    await exchange.reply.send(200, type, fault.malformed ? firstHalf(body) : body);
  });
}
