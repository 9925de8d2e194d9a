import type { Directives } from '../answering/directives.js';
import { argumentsOf } from '../answering/script.js';
import { countTokens, pieces, tokensOfBytes } from '../answering/tokens.js';
import type { Usage } from '../answering/usage.js';
import type { JsonObject } from '../json.js';
import { SPOKEN_RATE } from '../pcm.js';
import type { Line } from '../realtime/live-dialect.js';
import { type LiveScript, readScript, sell } from '../realtime/live-script.js';
import { AnswerOutlet } from '../realtime/outlet.js';
import { durationOf, speak } from '../realtime/speech.js';
import { inputTokens, promptOf, type Said, tokensOfSpeech } from './prompt.js';
import type { Setup } from './setup.js';
import { usageMetadata } from './usage.js';

const MIME = `audio/pcm;rate=${SPOKEN_RATE}`;

export type TurnEnd = 'complete' | 'called' | 'interrupted' | 'failed' | 'gone';

/** What was generated of a turn so far: tool calls and the answer after them are one turn. */
export interface Spent {
  readonly text: number;
  readonly audio: number;
  readonly thoughts: number;
}

export interface TurnRequest {
  readonly setup: Setup;
  readonly said: readonly Said[];
  /** By calls of the same turn. */
  readonly before: Spent;
  /** Who spoke cannot have said directives: those of the system instruction hold. */
  readonly isSpokenTo: boolean;
}

/** One answer: to its end, to a tool call, or to an interruption. */
export class LiveTurn {
  /** Settled when it is over, and told and billed unless it called a tool. */
  readonly finished: Promise<TurnEnd>;
  readonly calls: readonly { readonly id: string; readonly name: string }[];
  private readonly script: LiveScript;
  private readonly out: AnswerOutlet;
  private isInterrupted = false;
  private words = '';
  private calledBytes = 0;
  private spokenMs = 0;
  private deltas = 0;
  private thoughts = 0;

  /** @throws Refusal when it is not to be begun */
  constructor(
    private readonly line: Line,
    private readonly request: TurnRequest,
  ) {
    const { setup, said, isSpokenTo } = request;
    const { world, outlet } = line;
    const prompt = promptOf(setup, said);
    const instructions = prompt.turns.find(({ role }) => role === 'system')?.text ?? '';
    this.script = readScript(line, { prompt, instructions, isSpoken: isSpokenTo });
    this.calls = this.script.plan.calls.map(({ name }) => ({ id: `function-call-${world.nextId()}`, name }));
    this.out = new AnswerOutlet(outlet, this.script.fault);
    this.finished = this.run();
  }

  get directives(): Directives {
    return this.script.directives;
  }

  interrupt(): void {
    this.isInterrupted = true;
  }

  /** What it said, as the model will remember it. */
  get said(): Said {
    const calls = this.script.plan.calls.map((call, index) => ({
      functionCall: { id: this.calls[index]?.id, name: call.name, args: argumentsOf(call) },
    }));
    const text = this.words === '' ? [] : [{ text: this.words }];
    return { content: { role: 'model', parts: [...text, ...calls] }, audioMs: this.spokenMs };
  }

  get spent(): Spent {
    const { before } = this.request;
    const text = before.text + tokensOfBytes(Buffer.byteLength(this.words) + this.calledBytes);
    return {
      text,
      audio: before.audio + tokensOfSpeech(this.spokenMs),
      thoughts: before.thoughts + this.thoughts,
    };
  }

  bill(): void {
    sell(this.line, this.request.setup.model, this.usage, this.script);
  }

  private async run(): Promise<TurnEnd> {
    const { fault } = this.out;
    const alive = await this.out.begin();
    const grown = alive ? await this.grow() : 'gone';
    if (grown === 'called') {
      return grown;
    }
    this.bill();
    if (grown === 'gone' || fault.endEarly) {
      return 'gone';
    }
    if (grown === 'failed') {
      return grown;
    }
    const how = grown === 'interrupted' ? { interrupted: true } : { generationComplete: true };
    const told = fault.noUsage ? {} : { usageMetadata: usageMetadata(this.usage) };
    const ended =
      (await this.tell(how)) && (await this.out.send({ serverContent: { turnComplete: true }, ...told }));
    return ended ? grown : 'gone';
  }

  private async grow(): Promise<TurnEnd> {
    const { fault } = this.out;
    if (fault.status !== undefined || fault.errorFirst) {
      return 'failed';
    }
    for (const content of this.contents()) {
      if (this.isInterrupted) {
        return 'interrupted';
      }
      if (this.deltas === fault.errorEvent) {
        return 'failed';
      }
      this.deltas += 1;
      if (!(await this.tell(content))) {
        return 'gone';
      }
    }
    return this.script.plan.calls.length > 0 ? this.call() : 'complete';
  }

  private async call(): Promise<TurnEnd> {
    const functionCalls = this.script.plan.calls.map((call, index) => ({
      name: call.name,
      args: argumentsOf(call),
      id: this.calls[index]?.id,
    }));
    this.calledBytes = Buffer.byteLength(
      this.script.plan.calls.map(call => call.name + call.arguments).join(''),
    );
    return (await this.out.send({ toolCall: { functionCalls } })) ? 'called' : 'gone';
  }

  private *contents(): Generator<JsonObject> {
    const { reasoning, text } = this.script.plan;
    const { isSpoken, tellsOutput } = this.request.setup;
    if (reasoning !== '') {
      this.thoughts = countTokens(reasoning);
      yield { modelTurn: { parts: [{ text: reasoning, thought: true }] } };
    }
    for (const piece of pieces(text)) {
      this.words += piece;
      if (!isSpoken) {
        yield { modelTurn: { parts: [{ text: piece }] } };
        continue;
      }
      if (tellsOutput) {
        yield { outputTranscription: { text: piece } };
      }
      for (const pcm of speak(piece)) {
        const inlineData = { mimeType: MIME, data: pcm.toString('base64') };
        yield { modelTurn: { parts: [{ inlineData }] } };
      }
      this.spokenMs += durationOf(piece);
    }
  }

  private tell(serverContent: JsonObject): Promise<boolean> {
    return this.out.send({ serverContent });
  }

  private get usage(): Usage {
    const { text, audio, thoughts } = this.spent;
    const input = inputTokens(this.request.setup, this.request.said);
    return (
      this.script.usage ?? {
        input: input.text + input.audio,
        audioInput: input.audio,
        cached: 0,
        written: 0,
        output: text + audio + thoughts,
        audioOutput: audio,
        reasoning: thoughts,
      }
    );
  }
}
