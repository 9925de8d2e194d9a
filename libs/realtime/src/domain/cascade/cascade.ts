import {
  type LiveAct,
  type LiveEvent,
  type LiveItem,
  type LiveSettings,
  type Losses,
  type MediaPart,
  type Sound,
  NoActiveResponseError,
  USUAL_LIVE_SETTINGS,
} from '@app/dialects';
import { GatewayError, WorkUnderWay } from '@app/shared';
import { Answer, type Unheard } from './answer.js';
import { Conversation } from './conversation.js';
import type { ModelCalls, Transcriber } from './inner-calls.js';
import { isSound, soundIn } from './item-sound.js';
import { Listener } from './listener.js';
import type { CascadeCaller, OtherEnd } from './other-end.js';
import { isTellable, reasonOf, type Said, Scribe } from './scribe.js';
import type { Speaker } from './voice.js';

/** Speeches that wait to be written down: whoever says more is told. */
const MOST_UNHEARD = 4;

const NOTHING_SAID: Unheard = { message: null, code: null };

export interface CascadeParts {
  readonly calls: ModelCalls;
  readonly caller: CascadeCaller;
  readonly losses: Losses;
  readonly model: string;
  readonly isStrict: boolean;
  /** What an answer may have, in tokens, where the caller does not say it. */
  readonly mostAnswerTokens: number;
  /** The model that writes down what the caller says, where it names none. */
  readonly transcriber: string;
  readonly speaker: Omit<Speaker, 'voice'>;
  /** What the model reads at once, in tokens; what a request may have, in bytes. */
  readonly most: { readonly tokens: number; readonly bytes: number };
  readonly mostSpeechBytes: number;
}

/**
 * A session with a text model: what the caller says is written down, the model answers it, and what it writes is spoken. At most three
 * models are asked at once: one that writes or writes down, and two that speak.
 */
export class Cascade implements OtherEnd {
  private settings = USUAL_LIVE_SETTINGS;
  private readonly conversation: Conversation;
  private readonly listener: Listener;
  private readonly scribe: Scribe;
  private answer: Answer | null = null;
  /** Something is to be answered as soon as the answer under way is over. */
  private isWanted = false;
  /** Since then it is waited for, in monotonic ms. */
  private askedAt = 0;
  /** One after another: the model hears what was said before it is asked. */
  private lane: Promise<unknown> = Promise.resolve();
  private unheard: Unheard | null = null;
  private readonly work = new WorkUnderWay();
  private readonly leaving = new AbortController();

  constructor(private readonly parts: CascadeParts) {
    this.conversation = new Conversation(parts.most, parts.losses);
    this.listener = new Listener(
      {
        begun: atMs => this.hearBegin(atMs),
        ended: atMs => this.tell({ kind: 'speech', edge: 'ended', atMs }),
        heard: (speech, isWhole) => this.hear(speech, isWhole),
      },
      parts.mostSpeechBytes,
    );
    this.listener.settle(USUAL_LIVE_SETTINGS.activity);
    this.scribe = new Scribe({
      calls: parts.calls,
      signal: this.leaving.signal,
      most: { speeches: MOST_UNHEARD, bytes: MOST_UNHEARD * parts.mostSpeechBytes },
      tell: event => this.tell(event),
      fail: error => parts.caller.fail(error),
      inLane: work => this.inLane(work),
    });
  }

  act(acts: readonly LiveAct[]): void {
    try {
      acts.forEach(assertSound);
      acts.forEach(act => this.do(act));
    } catch (error) {
      this.refuse(error);
    }
  }

  /** All that runs is broken off. Resolves when it is on record. @param reason why; absent: the caller is gone */
  async close(reason?: GatewayError): Promise<void> {
    this.leaving.abort(reason);
    this.answer?.end(reason);
    await this.work.idle();
    await this.parts.calls.idle();
  }

  private do(act: LiveAct): void {
    switch (act.kind) {
      case 'settle':
        return this.settle(act.settings);
      case 'sound':
        return this.listener.hear(act.sound);
      case 'speech':
        return act.edge === 'ended' ? this.endSpeech() : this.answer?.breakOff(true);
      case 'unsay':
        return this.listener.forget();
      case 'item':
        return this.add(act.item);
      case 'answer':
        this.answer?.breakOff(false);
        this.askedAt = performance.now();
        return this.begin(act.instructions ?? this.settings.instructions, true);
      case 'break':
        return this.breakOff();
    }
  }

  private breakOff(): void {
    if (!this.answer) {
      throw new NoActiveResponseError();
    }
    this.isWanted = false;
    this.answer.breakOff(false);
  }

  private settle(settings: LiveSettings): void {
    this.settings = settings;
    this.listener.settle(settings.activity);
    this.tell({ kind: 'ready' });
  }

  private hearBegin(atMs: number): void {
    this.tell({ kind: 'speech', edge: 'begun', atMs });
    if (this.settings.activity?.interrupts) {
      this.answer?.breakOff(true);
    } else {
      this.answer?.spokenOver();
    }
  }

  private endSpeech(): void {
    if (!this.listener.end(true)) {
      this.unheard = NOTHING_SAID;
      this.scribe.leaveOutEmpty();
    }
  }

  private add(item: LiveItem): void {
    if (item.kind !== 'message' || !item.parts.some(isSound)) {
      return this.conversation.add(item);
    }
    for (const part of item.parts) {
      if (isSound(part)) {
        this.addSound(part);
      } else {
        this.conversation.add({ ...item, parts: [part] });
      }
    }
  }

  private addSound(part: MediaPart): void {
    const sound = soundIn(part);
    if (sound) {
      this.write(sound, { isSpeech: false, isWhole: true });
    } else {
      this.parts.losses.dropped('audio', 'Sound in messages is understood as PCM alone, and was left out.');
    }
  }

  private hear(speech: Sound, isWhole: boolean): void {
    this.write(speech, { isSpeech: true, isWhole });
    if (isWhole && this.settings.activity?.answers) {
      this.askedAt = performance.now();
      this.begin(this.settings.instructions, false);
    }
  }

  /** Has it written down, in the place where it was said. */
  private write(sound: Sound, what: Said): void {
    const place = this.conversation.place('user');
    this.scribe.write(sound, what, this.transcriber, text => {
      if (typeof text !== 'string') {
        this.unheard = text instanceof GatewayError ? reasonOf(text) : NOTHING_SAID;
      } else if (text === '') {
        this.unheard = NOTHING_SAID;
      } else {
        place.say(text);
        this.unheard = null;
      }
    });
  }

  private get transcriber(): Transcriber {
    const { transcriber, language, hint } = this.settings;
    return { model: transcriber ?? this.parts.transcriber, language, hint };
  }

  private begin(instructions: string, isAsked: boolean): void {
    if (this.leaving.signal.aborted) {
      return;
    }
    if (this.answer && !isAsked) {
      this.isWanted = true;
      return;
    }
    const { calls, caller, losses, model, isStrict, mostAnswerTokens, speaker } = this.parts;
    const answer = new Answer({
      calls,
      conversation: this.conversation,
      losses,
      settings: { ...this.settings, instructions },
      model,
      isStrict,
      mostTokens: mostAnswerTokens,
      speaker: { ...speaker, voice: this.settings.voice },
      isAsked,
      askedAt: this.askedAt,
      tell: event => this.tell(event),
      onceReady: listener => caller.onceReady(listener),
      unheard: () => this.tellUnheard(),
    });
    this.answer = answer;
    this.work.add(this.give(answer));
  }

  /** Never rejects. */
  private async give(answer: Answer): Promise<void> {
    try {
      await this.inLane(() => answer.write());
      await answer.say();
    } catch (error) {
      this.failAnswer(answer, error);
    }
    answer.end();
    if (this.answer !== answer) {
      return;
    }
    this.answer = null;
    if (this.isWanted) {
      this.isWanted = false;
      this.begin(this.settings.instructions, false);
    }
  }

  private failAnswer(answer: Answer, error: unknown): void {
    if (this.leaving.signal.aborted || answer.isOver) {
      return; // whoever broke it off knows why
    }
    if (isTellable(error)) {
      answer.fail(error);
    } else {
      this.parts.caller.fail(error);
    }
  }

  /** Once. */
  private tellUnheard(): Unheard | null {
    const { unheard } = this;
    this.unheard = null;
    return unheard;
  }

  private inLane(work: () => Promise<void>): Promise<void> {
    const done = this.lane.then(work);
    this.lane = done.catch(() => undefined);
    this.work.add(this.lane);
    return done;
  }

  private refuse(error: unknown): void {
    if (this.leaving.signal.aborted) {
      return;
    }
    if (isTellable(error)) {
      this.tell({ kind: 'refused', ...reasonOf(error) });
    } else {
      this.parts.caller.fail(error);
    }
  }

  private tell(event: LiveEvent): boolean {
    return this.leaving.signal.aborted || this.parts.caller.tell(event);
  }
}

/** Before anything of a message is taken. @throws NoSuchSoundError, InvalidRequestError (400) */
function assertSound(act: LiveAct): void {
  if (act.kind === 'item' && act.item.kind === 'message') {
    act.item.parts.filter(isSound).forEach(soundIn);
  }
}
