import { countTokens, tokensOfBytes } from '../answering/tokens.js';
import type { Usage } from '../answering/usage.js';
import { keyOf } from '../http/presented-key.js';
import type { Json, JsonObject } from '../json.js';
import { asObject, asText } from '../json.js';
import { AnswerOutlet, type Message } from '../realtime/outlet.js';
import type { Line } from '../realtime/live-dialect.js';
import { type LiveScript, readScript, sell } from '../realtime/live-script.js';
import type { Accent } from './accent.js';
import type { Conversation, Item } from './conversation.js';
import { errorEvent } from './error-event.js';
import { idOf } from './ids.js';
import { CallOutput, MessageOutput, type OutputEvent, type OutputItem } from './output.js';
import { readPrompt, tokensHeard, tokensSpoken } from './prompt.js';
import { isSecondGeneration, type Settings } from './settings.js';
import { usageBody } from './usage.js';

/** Tokens that a minute has, as OpenAI tells them after an answer. */
const TOKENS_A_MINUTE = 15_000_000;

/** What an answer is made of. */
export interface Asked {
  /** The session's, and over them the response's own. */
  readonly settings: Settings;
  readonly items: readonly Item[];
  /** Where the answer is kept; undefined for one out of band. */
  readonly conversation: Conversation | undefined;
  readonly metadata: Json;
}

type Ending = 'completed' | 'incomplete' | 'cancelled' | 'failed';

/** One answer, from `response.created` to `response.done`. */
export class RealtimeResponse {
  readonly id: string;
  /** Settled when it is over, and billed. */
  finished: Promise<void> = Promise.resolve();
  private cancelled: 'client_cancelled' | 'turn_detected' | undefined;
  private readonly out: AnswerOutlet;
  private readonly script: LiveScript;
  private readonly outputs: (readonly [OutputItem, Item])[] = [];
  private readonly input: Pick<Usage, 'input' | 'cached' | 'written' | 'audioInput'>;
  private textBytes = 0;
  private deltas = 0;
  private endedItems = 0;
  private isBilled = false;
  private settle = (): void => this.bill();

  /** @throws Refusal when it is not to be begun */
  constructor(
    private readonly line: Line,
    private readonly asked: Asked,
    private readonly accent: Accent,
  ) {
    const { world, exchange, outlet } = line;
    const { settings, items } = asked;
    this.id = idOf('resp', world);
    const prompt = readPrompt(settings, items, true);
    const isSpokenTo = items.findLast(({ wire }) => wire.role === 'user')?.heard !== undefined;
    this.script = readScript(line, {
      prompt,
      instructions: asText(settings.instructions),
      isSpoken: isSpokenTo,
    });
    const text = world.cache.measure(readPrompt(settings, items, false), keyOf(exchange));
    const audioInput = tokensHeard(items.reduce((sum, { audioMs }) => sum + audioMs, 0));
    this.input = { ...text, input: text.input + audioInput, audioInput };
    this.out = new AnswerOutlet(outlet, this.script.fault);
  }

  /** `[[sim:expire]]`: the session has lasted long enough after it. */
  get isLast(): boolean {
    return this.script.directives.has('expire');
  }

  /** The rest comes to nothing. */
  cancel(reason: 'client_cancelled' | 'turn_detected'): void {
    this.cancelled ??= reason;
  }

  /** @param over called before its last event, so that the next answer may be asked for at once */
  start(over: () => void): void {
    this.settle = () => {
      over();
      this.bill();
    };
    this.finished = this.run().catch(() => this.line.outlet.fail());
  }

  private async run(): Promise<void> {
    const { fault } = this.out;
    const alive = (await this.out.begin()) && (await this.emit('response.created', this.body('in_progress')));
    const isDone = alive && (await this.answer());
    this.bill();
    if (isDone && !fault.endEarly && !fault.errorFirst) {
      const remaining = TOKENS_A_MINUTE - this.usage.input;
      const limit = { name: 'tokens', limit: TOKENS_A_MINUTE, remaining, reset_seconds: 0.004 };
      await this.emit('rate_limits.updated', { rate_limits: [limit] });
    }
  }

  /** @returns whether it came to its end, and somebody is there to hear more */
  private async answer(): Promise<boolean> {
    const { fault } = this.out;
    if (fault.errorFirst) {
      this.settle();
      return this.send(this.failure());
    }
    if (fault.status !== undefined) {
      return this.end('failed');
    }
    const grown = await this.grow();
    if (grown === 'gone') {
      return false;
    }
    const { finish } = this.script.plan;
    const isShort = finish === 'length' || finish === 'filter';
    return this.end(grown === 'whole' ? (isShort ? 'incomplete' : 'completed') : grown);
  }

  /** All items begin and grow in order, and end in order after that: recordings/realtime/realtime-parity-ws-text-tool-round-parity-openai-current. */
  private async grow(): Promise<'whole' | 'cancelled' | 'failed' | 'gone'> {
    for (const output of this.plannedOutputs()) {
      if (this.accent.endsItems) {
        await this.endItems('completed');
      }
      const item: Item = { id: output.itemId, wire: output.wire('in_progress'), audioMs: 0 };
      const output_index = this.outputs.length;
      this.outputs.push([output, item]);
      this.asked.conversation?.insert(item);
      const added = { response_id: this.id, output_index, item: item.wire };
      let alive = (await this.emit('response.output_item.added', added)) && (await this.tell('added', item));
      for (const event of alive ? output.growth() : []) {
        if (this.cancelled) {
          return 'cancelled';
        }
        if (this.deltas === this.out.fault.errorEvent) {
          return (await this.send(this.failure())) ? 'failed' : 'gone';
        }
        alive = await this.send(event.event);
        this.meter(event);
        item.audioMs = output.spokenMs;
        if (!alive) {
          break;
        }
      }
      if (!alive) {
        return 'gone';
      }
    }
    return this.cancelled ? 'cancelled' : 'whole';
  }

  private async end(ending: Ending): Promise<boolean> {
    if (this.out.fault.endEarly) {
      this.settle();
      return true;
    }
    await this.endItems(ending === 'completed' ? ending : 'incomplete');
    this.settle();
    return this.emit('response.done', this.body(ending));
  }

  private async endItems(status: 'completed' | 'incomplete'): Promise<void> {
    for (const [output, item] of this.outputs.slice(this.endedItems)) {
      const output_index = this.endedItems++;
      item.wire = output.wire(status);
      for (const event of output.endings()) {
        await this.send(event);
      }
      await this.tell('done', item);
      const done = { response_id: this.id, output_index, item: item.wire };
      await this.emit('response.output_item.done', done);
    }
  }

  private *plannedOutputs(): Generator<OutputItem> {
    const { plan } = this.script;
    const { model, output_modalities } = this.asked.settings;
    const isSpoken = JSON.stringify(output_modalities) !== '["text"]';
    const phase = plan.calls.length > 0 ? 'commentary' : 'final_answer';
    let index = 0;
    const place = (): { responseId: string; itemId: string; index: number } => ({
      responseId: this.id,
      itemId: idOf('item', this.line.world),
      index: index++,
    });
    if (plan.text !== '' || plan.calls.length === 0) {
      const told = isSecondGeneration(asText(model)) ? ({ phase } as const) : {};
      yield new MessageOutput({ ...place(), ...told }, plan.text, isSpoken);
    }
    for (const call of plan.calls) {
      yield new CallOutput(place(), call, idOf('call', this.line.world));
    }
  }

  /** What happens to an item of the conversation, if it is one. */
  private async tell(what: 'added' | 'done', item: Item): Promise<boolean> {
    const { conversation } = this.asked;
    return conversation
      ? this.emit(`conversation.item.${what}`, {
          previous_item_id: conversation.before(item.id),
          item: item.wire,
        })
      : true;
  }

  private emit(type: string, rest: Message): Promise<boolean> {
    return this.send({ type, ...rest });
  }

  private async send({ type, ...rest }: Message): Promise<boolean> {
    const { outlet, world } = this.line;
    for (const event of this.accent.say({ type, event_id: idOf('event', world), ...rest })) {
      if (!(await this.out.send(event))) {
        return false;
      }
    }
    return !outlet.gone;
  }

  private body(status: Ending | 'in_progress'): Message {
    const { settings, conversation, metadata } = this.asked;
    const { format, voice } = asObject(asObject(settings.audio).output);
    return {
      response: {
        object: 'realtime.response',
        id: this.id,
        status,
        status_details: this.statusDetails(status),
        output: status === 'in_progress' ? [] : this.outputs.map(([, { wire }]) => wire),
        conversation_id: conversation?.id ?? null,
        output_modalities: settings.output_modalities,
        max_output_tokens: settings.max_output_tokens,
        audio: { output: { format, voice } },
        usage: status === 'in_progress' || this.out.fault.noUsage ? null : usageBody(this.usage),
        metadata,
      },
    };
  }

  private statusDetails(status: Ending | 'in_progress'): JsonObject | null {
    switch (status) {
      case 'cancelled':
        return { type: status, reason: this.cancelled ?? null };
      case 'failed':
        return { type: status, error: { type: 'server_error', code: this.failureCode } };
      case 'incomplete': {
        const isFiltered = this.script.plan.finish === 'filter';
        return { type: status, reason: isFiltered ? 'content_filter' : 'max_output_tokens' };
      }
      default:
        return null;
    }
  }

  private get failureCode(): string | null {
    return this.out.fault.status === 429 ? 'rate_limit_exceeded' : null;
  }

  private failure(): Message {
    const message = 'The server had an error while processing your request. Sorry about that!';
    return errorEvent({ type: 'server_error', code: this.failureCode, message, param: null }, null);
  }

  private meter({ text = '' }: OutputEvent): void {
    this.textBytes += Buffer.byteLength(text);
    this.deltas += 1;
  }

  private get usage(): Usage {
    const reasoning = this.outputs.length === 0 ? 0 : countTokens(this.script.plan.reasoning);
    const audioOutput = tokensSpoken(this.outputs.reduce((sum, [{ spokenMs }]) => sum + spokenMs, 0));
    const output = reasoning + tokensOfBytes(this.textBytes) + audioOutput;
    return this.script.usage ?? { ...this.input, output, reasoning, audioOutput };
  }

  private bill(): void {
    if (this.isBilled) {
      return;
    }
    this.isBilled = true;
    sell(this.line, asText(this.asked.settings.model), this.usage, this.script);
  }
}
