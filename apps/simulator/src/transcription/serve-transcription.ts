import { readDirectives } from '../answering/directives.js';
import { tokensOfBytes } from '../answering/tokens.js';
import type { Fault } from '../faults.js';
import type { Exchange } from '../http/exchange.js';
import { firstHalf } from '../http/reply.js';
import { strikeFault, vendorCall } from '../http/vendor-call.js';
import { asText } from '../json.js';
import { checkKey } from '../openai-chat/check-request.js';
import { openAiChat } from '../openai-chat/dialect.js';
import type { World } from '../world.js';
import { checkForm } from './check.js';
import { render } from './formats.js';
import { readForm } from './read-form.js';
import { streamWords } from './stream-words.js';
import type { TranscriptionUsage } from './transcript.js';
import { transcriptOf, usageOf } from './transcript.js';

/** Answers OpenAI's endpoints for transcriptions and translations. */
export async function serveTranscription(exchange: Exchange, world: World): Promise<void> {
  const vendor = exchange.vendor ?? openAiChat.vendor;
  const headers = openAiChat.responseHeaders(world.nextId());
  await vendorCall(exchange, openAiChat, headers, async () => {
    checkKey(exchange.received.headers);
    const form = await readForm(exchange, world.traffic);
    const task = exchange.url.pathname.endsWith('/translations') ? 'translate' : 'transcribe';
    const checked = checkForm(form, task);
    const prompt = asText(form.fields.prompt);
    const told = readDirectives(prompt).directives.get('fault');
    const fault = await strikeFault(exchange, world, { vendor, model: checked.model, told });
    if (!fault) {
      return;
    }
    const { model, recording } = checked;
    const text = transcriptOf(checked, prompt);
    const usage = usageOf({ model, seconds: recording.seconds, prompt, text });
    if (form.fields.stream === 'true' && model.startsWith('gpt-')) {
      await stream({ vendor, model, text, usage, fault }, exchange, world);
      return;
    }
    settle({ vendor, model, usage }, world);
    const isTold = !fault.noUsage && task === 'transcribe'; // of a translation it tells no more than the length
    const rendered = render(checked, form.fields, { text, usage: isTold ? usage : undefined });
    const body = fault.malformed ? firstHalf(rendered.body) : rendered.body;
    await exchange.reply.send(200, { 'content-type': rendered.type, ...headers }, body);
  });
}

interface Streamed {
  readonly vendor: string;
  readonly model: string;
  readonly text: string;
  readonly usage: TranscriptionUsage;
  readonly fault: Fault;
}

function stream({ vendor, model, text, usage, fault }: Streamed, exchange: Exchange, world: World) {
  return streamWords(exchange, {
    text,
    fault,
    delta: delta => event({ type: 'transcript.text.delta', delta }),
    done: () => event({ type: 'transcript.text.done', text, ...(fault.noUsage ? {} : { usage }) }),
    settle: heardBytes => {
      const output_tokens = tokensOfBytes(heardBytes);
      settle({ vendor, model, usage: usage.type === 'tokens' ? { ...usage, output_tokens } : usage }, world);
    },
  });
}

function event(fields: object): string {
  return `data: ${JSON.stringify(fields)}\n\n`;
}

function settle({ vendor, model, usage }: Pick<Streamed, 'vendor' | 'model' | 'usage'>, world: World): void {
  const sold =
    usage.type === 'duration'
      ? { audio_seconds: usage.seconds }
      : { input: usage.input_tokens, output: usage.output_tokens };
  world.bill.add(vendor, model, sold);
}
