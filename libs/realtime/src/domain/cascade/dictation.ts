import { type LiveAct, type LiveEvent, type LiveSettings, USUAL_LIVE_SETTINGS } from '@app/dialects';
import { GatewayError, WorkUnderWay } from '@app/shared';
import type { ModelCalls, Transcriber } from './inner-calls.js';
import { Listener } from './listener.js';
import type { CascadeCaller, OtherEnd } from './other-end.js';
import { reasonOf, Scribe } from './scribe.js';

/** What waits to be written down: recordings come faster than anybody speaks. */
const MOST_UNHEARD = { speeches: 100, bytes: 32 * 1024 * 1024 };

export interface DictationParts {
  readonly calls: Pick<ModelCalls, 'transcribe' | 'idle'>;
  readonly caller: Pick<CascadeCaller, 'tell' | 'fail'>;
  /** Writes down what the caller says, where it names no other one. */
  readonly transcriber: string;
  readonly mostSpeechBytes: number;
}

/** A session in which what its caller says is written down, speech by speech, and nothing is answered. */
export class Dictation implements OtherEnd {
  private settings: LiveSettings = USUAL_LIVE_SETTINGS;
  private readonly listener: Listener;
  private readonly scribe: Scribe;
  private readonly leaving = new AbortController();
  private readonly work = new WorkUnderWay();
  private lane: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: DictationParts) {
    const { calls, caller, mostSpeechBytes } = parts;
    const { signal } = this.leaving;
    this.listener = new Listener(
      {
        begun: atMs => this.tell({ kind: 'speech', edge: 'begun', atMs }),
        ended: atMs => this.tell({ kind: 'speech', edge: 'ended', atMs }),
        heard: (sound, isWhole) => this.scribe.write(sound, { isSpeech: true, isWhole }, this.transcriber),
      },
      mostSpeechBytes,
    );
    this.listener.settle(this.settings.activity);
    this.scribe = new Scribe({
      calls,
      signal,
      most: MOST_UNHEARD,
      tell: event => this.tell(event),
      fail: error => caller.fail(error),
      inLane: work => this.inLane(work),
    });
  }

  act(acts: readonly LiveAct[]): void {
    try {
      acts.forEach(act => this.do(act));
    } catch (error) {
      if (error instanceof GatewayError) {
        this.tell({ kind: 'refused', ...reasonOf(error) });
      } else {
        this.parts.caller.fail(error);
      }
    }
  }

  async close(reason?: GatewayError): Promise<void> {
    this.leaving.abort(reason);
    await this.work.idle();
    await this.parts.calls.idle();
  }

  /** Whatever asks for an answer, its protocol has refused. */
  private do(act: LiveAct): void {
    if (act.kind === 'settle') {
      this.settings = act.settings;
      this.listener.settle(act.settings.activity);
    } else if (act.kind === 'sound') {
      this.listener.hear(act.sound);
    } else if (act.kind === 'unsay') {
      this.listener.forget();
    } else if (act.kind === 'speech' && act.edge === 'ended' && !this.listener.end(true)) {
      this.scribe.leaveOutEmpty();
    }
  }

  private get transcriber(): Transcriber {
    const { transcriber, language, hint } = this.settings;
    return { model: transcriber ?? this.parts.transcriber, language, hint };
  }

  private inLane(work: () => Promise<void>): Promise<unknown> {
    this.lane = this.lane.then(work).catch((error: unknown) => this.parts.caller.fail(error));
    this.work.add(this.lane);
    return this.lane;
  }

  private tell(event: LiveEvent): void {
    if (!this.leaving.signal.aborted) {
      this.parts.caller.tell(event);
    }
  }
}
