import { field } from '../gemini/fields.js';
import { refuseUnknown } from '../gemini/check-request.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText, isObject, parseJson } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import { pieces } from '../answering/tokens.js';
import type { Line, LiveSession } from '../realtime/live-dialect.js';
import type { Outlet } from '../realtime/outlet.js';
import { words } from '../words.js';
import type { Said } from './prompt.js';
import { readSetup, type Setup } from './setup.js';
import { type LiveInput, SpokenInput } from './spoken-input.js';
import { LiveTurn, type Spent, type TurnEnd } from './turn.js';

const KINDS = words('setup clientContent realtimeInput toolResponse');
const NOTHING: Spent = { text: 0, audio: 0, thoughts: 0 };
const MOST_HANDLES = 1000;
const MOST_REASON_BYTES = 123;

/** One conversation with Gemini's Live API. */
export class GeminiLiveSession implements LiveSession {
  private setup: Setup | undefined;
  private said: Said[] = [];
  private input: SpokenInput | undefined;
  private turn: LiveTurn | undefined;
  /** A turn that waits for what its tools say. */
  private waiting: LiveTurn | undefined;
  private results: Json[] = [];

  constructor(private readonly line: Line) {}

  get isAnswering(): boolean {
    return this.turn !== undefined || this.waiting !== undefined;
  }

  async receive(data: string): Promise<void> {
    try {
      const message = parse(data);
      await (this.setup ? this.take(message) : this.begin(field(message, 'setup')));
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      closeFor(error, this.line.outlet);
    }
  }

  /** What was generated is billed, whoever did not wait for the rest. */
  leave(): void {
    this.waiting?.bill();
    this.waiting = undefined;
  }

  private async begin(body: Json | undefined): Promise<void> {
    require400(isObject(body), 'setup must be the first message and only the first.');
    const setup = readSetup(body);
    const handle = setup.resumption?.handle ?? '';
    if (handle !== '') {
      const kept = this.line.world.resumable.get(handle);
      if (!kept) {
        throw new Refusal(404, 'BidiGenerateContent session not found');
      }
      this.said = [...kept];
    }
    this.setup = setup;
    this.input = new SpokenInput(setup, {
      started: () => this.interrupt(setup),
      stopped: (text, audioMs) => this.takeSpeech(setup, text, audioMs),
    });
    await this.line.outlet.send({ setupComplete: {} });
  }

  private async take(message: JsonObject): Promise<void> {
    require400(field(message, 'setup') === undefined, 'setup must be the first message and only the first.');
    const content = field(message, 'clientContent');
    const heard = field(message, 'realtimeInput');
    const results = field(message, 'toolResponse');
    if (content !== undefined) {
      await this.takeContent(content);
    }
    if (heard !== undefined) {
      await this.takeInput(asObject(heard));
    }
    if (results !== undefined) {
      await this.takeResults(asList(field(results, 'functionResponses')));
    }
  }

  private async takeContent(content: Json): Promise<void> {
    await this.stop();
    for (const turn of asList(field(content, 'turns'))) {
      require400(
        Array.isArray(field(turn, 'parts')),
        'Request contains an invalid argument: turns need parts.',
      );
      this.said.push({ content: asObject(turn), audioMs: 0 });
    }
    if (field(content, 'turnComplete') === true) {
      await this.answer(NOTHING, false);
    }
  }

  private async takeInput(heard: LiveInput): Promise<void> {
    const text = field(heard, 'text');
    if (text !== undefined) {
      await this.stop();
      this.said.push({ content: { role: 'user', parts: [{ text: asText(text) }] }, audioMs: 0 });
      await this.answer(NOTHING, false);
    }
    await this.input?.take(heard);
  }

  private async takeSpeech(setup: Setup, text: string, audioMs: number): Promise<void> {
    await this.stop();
    for (const piece of setup.tellsInput ? pieces(text) : []) {
      await this.line.outlet.send({ serverContent: { inputTranscription: { text: piece } } });
    }
    this.said.push({ content: { role: 'user', parts: [{ text }] }, audioMs });
    await this.answer(NOTHING, true);
  }

  private async takeResults(results: readonly Json[]): Promise<void> {
    const { waiting } = this;
    const known = new Set(waiting?.calls.map(({ id }) => id));
    if (!waiting || results.some(result => !known.has(asText(field(result, 'id'))))) {
      throw new Refusal(404, 'Requested entity was not found.');
    }
    this.results.push(...results);
    if (new Set(this.results.map(result => field(result, 'id'))).size === known.size) {
      const parts = this.results.map(functionResponse => ({ functionResponse }));
      this.said.push({ content: { role: 'user', parts }, audioMs: 0 });
      this.waiting = undefined;
      await this.answer(waiting.spent, false);
    }
  }

  private async answer(before: Spent, isSpokenTo: boolean): Promise<void> {
    const { setup, line } = this;
    if (!setup) {
      return;
    }
    const turn = new LiveTurn(line, { setup, said: [...this.said], before, isSpokenTo });
    this.turn = turn;
    this.announceEnd(turn.directives.get('go-away'));
    void turn.finished.then(end => this.settle(turn, end)).catch(() => line.outlet.fail());
  }

  /** Takes note of how a turn ended. One that broke off is not over: its client left it, or waits in vain. */
  private async settle(turn: LiveTurn, end: TurnEnd): Promise<void> {
    const { outlet } = this.line;
    if (end === 'gone') {
      return;
    }
    this.turn = undefined;
    if (end === 'failed') {
      outlet.closeByFault(1011);
      return;
    }
    this.said.push(turn.said);
    if (end === 'called') {
      this.waiting = turn;
      this.results = [];
    } else if (this.setup?.resumption || turn.directives.has('resumption')) {
      const newHandle = `handle-${this.line.world.nextId()}`;
      this.keep(newHandle);
      await outlet.send({ sessionResumptionUpdate: { newHandle, resumable: true } });
    }
  }

  private keep(handle: string): void {
    const { resumable } = this.line.world;
    resumable.set(handle, [...this.said]);
    if (resumable.size > MOST_HANDLES) {
      resumable.delete(resumable.keys().next().value ?? '');
    }
  }

  /** Somebody speaks. */
  private async interrupt(setup: Setup): Promise<void> {
    if (!setup.isPatient) {
      await this.stop();
    }
  }

  /** Ends what is being said, and what is waited for. */
  private async stop(): Promise<void> {
    const { turn } = this;
    if (turn) {
      turn.interrupt();
      await turn.finished;
    }
    if (this.waiting) {
      const ids = this.waiting.calls.map(({ id }) => id);
      this.leave();
      await this.line.outlet.send({ toolCallCancellation: { ids } });
    }
  }

  /** `[[sim:go-away MS]]`: the vendor says that it will leave, and does. */
  private announceEnd(told: string | undefined): void {
    const ms = asNumber(Number(told));
    if (told === undefined || ms === undefined || !(ms >= 0)) {
      return;
    }
    const { outlet } = this.line;
    void outlet
      .send({ goAway: { timeLeft: `${ms / 1000}s` } })
      .then(() => outlet.pause(ms))
      .then(() => outlet.closeByFault(1001))
      .catch(() => outlet.fail());
  }
}

/** Google tells in the close what is wrong. https://github.com/google-gemini/deprecated-generative-ai-js/issues/487 */
export function closeFor({ status, message }: Refusal, outlet: Outlet): void {
  const code = status === 400 ? 1007 : status < 500 ? 1008 : 1011;
  outlet.close(code, Buffer.from(message).toString('utf8', 0, MOST_REASON_BYTES - 3));
}

function parse(data: string): JsonObject {
  const message = parseJson(data);
  require400(isObject(message), 'Invalid JSON payload received.');
  refuseUnknown(message, KINDS, '');
  return message;
}
