import { GatewayError, UpstreamError } from '@app/shared';
import type { AnswerFacts } from './answer-facts.js';
import type { ModelCalls, Watch } from './inner-calls.js';
import { type SoundOutlet, Utterance } from './utterance.js';

/** A letter or a digit: without one there is nothing to speak. */
const WORD = /[\p{L}\p{N}]/u;

export interface Speaker {
  readonly model: string;
  /** As the caller called it; absent: the usual one. */
  readonly voice: string | undefined;
  readonly usualVoice: string;
}

export interface VoiceParts {
  readonly calls: ModelCalls;
  readonly speaker: Speaker;
  readonly outlet: SoundOutlet;
  readonly facts: AnswerFacts;
  /** Aborted when nobody wants to hear it any more. */
  readonly signal: AbortSignal;
  /** Nothing more is spoken; `end` throws it, too. */
  readonly onFailure: (error: unknown) => void;
  /** The sound of these words begins. */
  readonly onWords: (words: string) => void;
  /** The speaker does not know that voice, and goes on in the usual one. */
  readonly onOtherVoice: (error: GatewayError) => void;
}

interface Speaking {
  readonly utterance: Utterance;
  readonly done: Promise<void>;
}

/** Speaks sentences in their order. While one is heard, the next is made, and no more. */
export class Voice {
  private readonly sentences: string[] = [];
  /** What is told with the next sentence: it has no sound. */
  private mute = '';
  private isEnded = false;
  private wake: () => void = () => undefined;
  private readonly running: Promise<void>;
  private voice: string;

  constructor(private readonly parts: VoiceParts) {
    const { speaker, signal } = parts;
    this.voice = speaker.voice ?? speaker.usualVoice;
    signal.addEventListener('abort', () => this.wake(), { once: true });
    this.running = this.run();
    this.running.catch(error => parts.onFailure(error));
  }

  say(sentence: string): void {
    const text = this.mute + sentence;
    this.mute = WORD.test(text) ? '' : text;
    if (this.mute === '') {
      this.sentences.push(text);
      this.wake();
    }
  }

  /** Resolves when all is said, or nobody wants to hear it. @throws GatewayError */
  async end(): Promise<void> {
    this.isEnded = true;
    this.wake();
    await this.running;
    if (this.mute !== '' && !this.parts.signal.aborted) {
      this.parts.onWords(this.mute);
    }
  }

  private async run(): Promise<void> {
    let speaking = await this.next();
    while (speaking) {
      const next = this.next();
      await this.play(speaking);
      speaking = await next;
    }
  }

  private async next(): Promise<Speaking | null> {
    const text = await this.sentence();
    if (text === null) {
      return null;
    }
    const utterance = new Utterance(text);
    const done = this.speak(utterance);
    done.catch(() => undefined); // told when its turn comes
    return { utterance, done };
  }

  /** Null when there is none any more. */
  private async sentence(): Promise<string | null> {
    while (!this.parts.signal.aborted) {
      const sentence = this.sentences.shift();
      if (sentence !== undefined) {
        return sentence;
      }
      if (this.isEnded) {
        return null;
      }
      await new Promise<void>(resolve => (this.wake = resolve));
    }
    return null;
  }

  private async play({ utterance, done }: Speaking): Promise<void> {
    const { outlet, signal, facts, onWords } = this.parts;
    let isHeard = false;
    utterance.play({
      sound: pcm => {
        if (signal.aborted) {
          return true;
        }
        if (!isHeard) {
          isHeard = true;
          onWords(utterance.text);
        }
        facts.sounded(utterance);
        return outlet.sound(pcm);
      },
      onceReady: listener => outlet.onceReady(listener),
    });
    await done;
    if (!signal.aborted && !utterance.isWhole) {
      throw brokenOff(this.parts.speaker.model);
    }
    await utterance.told(signal);
  }

  private async speak(utterance: Utterance): Promise<void> {
    const { calls, speaker, signal, facts, onOtherVoice } = this.parts;
    const { voice } = this;
    const { model, usualVoice } = speaker;
    const input = utterance.text.trim();
    const watch: Watch = {
      signal,
      opened: meter => {
        utterance.meter = meter;
        facts.spokenBy(meter, utterance);
      },
    };
    try {
      await calls.speak({ model, voice, input }, utterance, watch);
    } catch (error) {
      const isUnknown = error instanceof GatewayError && error.status === 400 && voice !== usualVoice;
      if (!isUnknown || utterance.headersSent || signal.aborted) {
        throw error;
      }
      if (this.voice !== usualVoice) {
        this.voice = usualVoice;
        onOtherVoice(error);
      }
      await calls.speak({ model, voice: usualVoice, input }, utterance, watch);
    }
  }
}

function brokenOff(model: string): UpstreamError {
  return new UpstreamError({
    vendor: model,
    upstreamStatus: null,
    code: 'upstream_cut',
    message: `The speech of '${model}' broke off in the middle.`,
  });
}
