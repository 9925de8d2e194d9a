import { Injectable } from '@nestjs/common';
import type { DialectId } from '@app/dialects';
import { AnswerCache, type CachedAnswer, type LikeAnswer, SemanticCache } from '@app/optimization';
import { Tape } from '@app/providers';
import type { CacheUse } from '@app/shared';
import type { GenerationInput } from '../generation-input.js';
import { CacheMissError } from '../inference.errors.js';
import type { PlannedRequest } from '../request-preparer.js';
import type { AwaitedAnswer, LiveAnswer } from './awaited-answer.js';
import { Comparison } from './comparison.js';
import { Flights } from './flights.js';
import { hitNote } from './cache-notes.js';
import { CacheVisit, type Keyed } from './cache-visit.js';
import { KeyedRequests } from './keyed-requests.js';
import { type Asking, Replays, type Told } from './replays.js';

/** `again`: nobody answers there any more; `alone`: the vendor is to be asked. */
type Followed = 'answered' | 'again' | 'alone';

/**
 * Answers requests with what a vendor answered to the same request before: its answer as it came is read once more, and written
 * in the dialect of whoever asks. No vendor hears of it, nothing is set aside for it, and it costs nothing.
 */
@Injectable()
export class CachedAnswers {
  private readonly requests: KeyedRequests;

  constructor(
    private readonly cache: AnswerCache,
    private readonly semantic: SemanticCache,
    private readonly flights: Flights,
    private readonly replays: Replays,
  ) {
    this.requests = new KeyedRequests(cache, replays.preparer);
  }

  visit(input: GenerationInput, request: PlannedRequest, use: CacheUse): CacheVisit {
    const { planned } = request;
    return new CacheVisit(this.cache, use, this.requests.of(input, request, use), {
      call: input.call,
      planned,
    });
  }

  /**
   * False when the vendor is to be asked, by a flight that others may follow where the visit has one.
   *
   * @throws CacheMissError (504) when it is not
   * @throws GatewayError that whoever made the same call was told by the vendor
   */
  async answer(visit: CacheVisit, asking: Asking): Promise<boolean> {
    const { use, keyed } = visit;
    if (keyed && use.mode !== 'refresh' && (await this.isAnswered(visit, keyed, asking))) {
      return true;
    }
    if (use.mode === 'only') {
      throw new CacheMissError();
    }
    return false;
  }

  private async isAnswered(visit: CacheVisit, keyed: Keyed, asking: Asking): Promise<boolean> {
    for (;;) {
      // Looked at before what is kept: what was under way then may be kept, and gone, when the store has answered.
      const flight = visit.use.mode === 'only' ? null : this.flights.get(keyed.key);
      const followed = await (flight ? this.follow(flight, keyed, asking) : this.find(visit, keyed, asking));
      if (followed !== 'again') {
        return followed === 'answered';
      }
    }
  }

  /** What is kept; else the call begins that others follow. */
  private async find(visit: CacheVisit, keyed: Keyed, asking: Asking): Promise<Followed> {
    const { key } = keyed;
    const { input, request } = asking;
    const kept = await this.cache.find(input.call.projectId, key, visit.use.maxAgeMs);
    if (kept?.refusal && request.planned.routes[0]?.dialect.id !== kept.dialect) {
      return 'alone'; // said otherwise, it may be taken
    }
    if (kept) {
      return (await this.replays.tell(this.kept(kept), keyed, asking)) ? 'answered' : 'alone';
    }
    const { semantic } = visit.use;
    if (semantic && visit.comparison === undefined) {
      const like = await this.compare(visit, keyed, input);
      if (like) {
        return (await this.replays.tell(this.alike(like), keyed, asking)) ? 'answered' : 'alone';
      }
      return 'again'; // whoever asked the same meanwhile may have the answer by now
    }
    if (visit.use.mode === 'only' || request.planned.options.midStreamFailover) {
      return 'alone';
    }
    if (this.flights.get(key)) {
      return 'again';
    }
    visit.flight = await this.flights.begin(key, input);
    return visit.flight ? 'alone' : 'again';
  }

  /** With questions in other words. */
  private async compare(
    visit: CacheVisit,
    { parts, key }: Keyed,
    { call }: GenerationInput,
  ): Promise<LikeAnswer | null> {
    const { semantic } = visit.use;
    const asked = semantic ? this.semantic.asking(call, semantic, parts, key) : null;
    visit.comparison = asked && new Comparison(this.semantic, asked);
    return visit.comparison?.answer(visit.use) ?? null;
  }

  /** The call that a visit had others follow is over. @param error of one that failed */
  land(visit: CacheVisit, error?: unknown): void {
    const { flight, keyed } = visit;
    if (error !== undefined) {
      visit.fail(error);
    }
    if (flight && keyed) {
      this.flights.land(keyed.key, flight, error);
    }
  }

  private async follow(flight: AwaitedAnswer, keyed: Keyed, asking: Asking): Promise<Followed> {
    const { input, meter } = asking;
    const { signal } = input.call;
    flight.join();
    let answer: LiveAnswer | null = null;
    try {
      answer = await flight.answering(signal);
      if (!answer) {
        if (flight.failure) {
          throw flight.failure;
        }
        return 'again';
      }
      if (answer.tape.isLost) {
        return 'alone';
      }
      return (await this.replays.tell(shared(answer), keyed, asking)) ? 'answered' : 'alone';
    } catch (error) {
      if (answer?.tape.over instanceof Error && !input.reply.headersSent && !signal.aborted) {
        meter.cached = false;
        meter.savedNanoUsd = () => 0;
        return 'again';
      }
      throw error;
    } finally {
      flight.leave(signal.reason);
    }
  }

  /** Of another question. */
  private alike({ answer, similarity: exact }: LikeAnswer): Told {
    const { note, ...told } = this.kept(answer);
    const similarity = Math.floor(exact * 1000) / 1000;
    return {
      ...told,
      note: { status: `${note.status}; similarity=${similarity}`, hit: { ...note.hit, similarity } },
    };
  }

  private kept(answer: CachedAnswer): Told {
    const { body, pieces, costNanoUsd } = answer;
    return {
      answer: {
        ...answer,
        dialect: answer.dialect as DialectId,
        get tape() {
          return Tape.of(body, pieces); // not needed when it was told before
        },
      },
      kept: answer,
      savedNanoUsd: () => costNanoUsd ?? 0,
      note: hitNote(answer, this.cache.ageOf(answer)),
    };
  }
}

/** What it costs is known to whoever asked first, when it is there. What broke off saves nothing: it has to be asked for again. */
function shared(answer: LiveAnswer): Told {
  return {
    answer,
    savedNanoUsd: () => (answer.tape.over instanceof Error ? 0 : (answer.costNanoUsd() ?? 0)),
    note: { status: 'hit; age=0; shared', hit: { age: 0, shared: true, call: answer.callId } },
  };
}
