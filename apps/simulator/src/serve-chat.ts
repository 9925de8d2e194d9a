import { readDirectives } from './answering/directives.js';
import type { Prompt } from './answering/prompt.js';
import { lastUserText } from './answering/prompt.js';
import type { Plan } from './answering/script.js';
import { callText, planAnswer } from './answering/script.js';
import { readScriptedUsage } from './answering/usage.js';
import { tokensOfBytes } from './answering/tokens.js';
import type { Answer, ChatDialect, ChatRequest, Frame } from './chat-dialect.js';
import type { Fault } from './faults.js';
import type { Exchange } from './http/exchange.js';
import { readJson } from './http/exchange.js';
import { keyOf } from './http/presented-key.js';
import { firstHalf } from './http/reply.js';
import { strikeFault, vendorCall } from './http/vendor-call.js';
import { asText } from './json.js';
import { Refusal } from './refusal.js';
import type { World } from './world.js';

/** Which frame of a stream comes out broken: late enough for the stream to have begun. */
const MALFORMED_FRAME = 1;

/** Answers one chat call in the dialect it was asked in. */
export async function serveChat(spoken: ChatDialect, exchange: Exchange, world: World): Promise<void> {
  const dialect = { ...spoken, vendor: exchange.vendor ?? spoken.vendor };
  const id = world.nextId();
  await vendorCall(exchange, dialect, dialect.responseHeaders(id), async () => {
    const body = await readJson(exchange, world.traffic);
    const chat: ChatRequest = { url: exchange.url, headers: exchange.received.headers, body };
    dialect.check(chat);
    const prompt = dialect.readPrompt(chat);
    const { directives, rest } = readDirectives(lastUserText(prompt));
    const fault = await strikeFault(exchange, world, {
      vendor: dialect.vendor,
      model: prompt.model,
      tier: asText(body['service_tier'] ?? body['serviceTier']) || undefined,
      told: directives.get('fault'),
    });
    if (!fault) {
      return;
    }
    const plans = Array.from({ length: dialect.choices(chat) }, () => planAnswer(prompt, rest, directives));
    const told = directives.get('usage');
    const account = keyOf(exchange);
    const answer = prepare({ id, request: chat, prompt, plans, fault, told, account }, world);
    const receipt = directives.get('receipt');
    await (dialect.isStream(chat) ? stream : sendWhole)(dialect, answer, { exchange, fault, world, receipt });
  });
}

interface Prepared {
  readonly id: number;
  readonly request: ChatRequest;
  readonly prompt: Prompt;
  readonly plans: readonly Plan[];
  readonly fault: Fault;
  /** Usage that the prompt scripts. */
  readonly told: string | undefined;
  /** Whose prompt cache is read. */
  readonly account: string;
}

function prepare({ id, request, prompt, plans, fault, told, account }: Prepared, world: World): Answer {
  const meter = new Meter();
  for (const plan of plans) {
    meter.add(plan.reasoning, plan.text + callText(plan));
  }
  const counted = {
    ...world.cache.measure(prompt, account),
    output: meter.output,
    reasoning: meter.reasoning,
  };
  const scripted = told === undefined ? null : readScriptedUsage(told);
  const usage = scripted ?? counted;
  return {
    id,
    request,
    model: prompt.model,
    plans,
    usage,
    isScripted: scripted !== null,
    withUsage: !fault.noUsage,
  };
}

interface Surroundings {
  readonly exchange: Exchange;
  readonly fault: Fault;
  readonly world: World;
  readonly receipt: string | undefined;
}

async function sendWhole(dialect: ChatDialect, answer: Answer, around: Surroundings) {
  const { exchange, fault } = around;
  settle(dialect, answer, answer.usage, around);
  const whole =
    fault.errorEvent === undefined
      ? dialect.whole(answer)
      : dialect.errorBody(new Refusal(503, 'The model is overloaded.'));
  const text = JSON.stringify(whole);
  const headers = { 'content-type': 'application/json', ...dialect.responseHeaders(answer.id) };
  await exchange.reply.send(200, headers, fault.malformed ? firstHalf(text) : text);
}

async function stream(dialect: ChatDialect, answer: Answer, around: Surroundings) {
  const { fault } = around;
  const { reply } = around.exchange;
  const meter = new Meter();
  reply.start(200, {
    'content-type': dialect.streamType(answer.request),
    'cache-control': 'no-cache',
    ...dialect.responseHeaders(answer.id),
  });
  let index = 0;
  let deltas = 0;
  let alive = !fault.errorFirst || (await reply.write(dialect.errorFrame(answer.request)));
  for (const frame of fault.errorFirst ? [] : dialect.frames(answer)) {
    const isDelta = (frame.answer ?? frame.reasoning) !== undefined && frame.data !== '';
    if (frame.ending && fault.endEarly) {
      break;
    }
    if (isDelta && deltas === fault.errorEvent) {
      alive = await reply.write(dialect.errorFrame(answer.request));
      break;
    }
    meter.add(frame.reasoning, frame.answer);
    deltas += isDelta ? 1 : 0;
    alive = await reply.write(fault.malformed && index === MALFORMED_FRAME ? breakData(frame) : frame.data);
    if (!alive || (fault.pace !== undefined && !(await reply.pause(fault.pace)))) {
      break;
    }
    index++;
  }
  settle(dialect, answer, answer.isScripted ? answer.usage : meter, around);
  if (alive) {
    reply.end();
  }
}

/** Half of a frame's JSON, framed as if it were whole. */
function breakData(frame: Frame): string {
  return `${firstHalf(frame.data.trimEnd())}\n\n`;
}

function settle(
  dialect: ChatDialect,
  answer: Answer,
  sold: { output: number; reasoning: number },
  { world, receipt }: Surroundings,
) {
  const { input, cached, written } = answer.usage;
  const { output, reasoning } = sold;
  const line = { input, cached, cache_written: written, output, reasoning };
  world.bill.add(dialect.vendor, answer.model, line, receipt);
}

/** Counts what has been generated so far. */
class Meter {
  private reasoningBytes = 0;
  private answerBytes = 0;

  add(reasoning = '', answer = ''): void {
    this.reasoningBytes += Buffer.byteLength(reasoning);
    this.answerBytes += Buffer.byteLength(answer);
  }

  get reasoning(): number {
    return tokensOfBytes(this.reasoningBytes);
  }

  get output(): number {
    return this.reasoning + tokensOfBytes(this.answerBytes);
  }
}
