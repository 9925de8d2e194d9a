import { Injectable } from '@nestjs/common';
import { AnswerCache, type CachedAnswer, type LikeAnswer, SemanticCache } from '@app/optimization';
import type { CacheUse } from '@app/shared';
import type { GenerationInput } from '../generation-input.js';
import type { PlannedRequest } from '../request-preparer.js';
import { Comparison } from './comparison.js';
import { Flights } from './flights.js';
import { CacheVisit, type Keyed } from './cache-visit.js';
import { type Answering, type Followed, isAnswered } from './following.js';
import { KeyedRequests } from './keyed-requests.js';
import { type Asking, Replays } from './replays.js';
import { keptAnswer, type Told } from './told.js';

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
  answer(visit: CacheVisit, asking: Asking): Promise<boolean> {
    const { use, keyed } = visit;
    return isAnswered(use, keyed && this.answering(visit, keyed, asking));
  }

  private answering(visit: CacheVisit, keyed: Keyed, asking: Asking): Answering {
    const { call, reply } = asking.input;
    return {
      follower: { call, reply, meter: asking.meter },
      flight: () => this.flights.get(keyed.key),
      find: () => this.find(visit, keyed, asking),
      tell: told => this.replays.tell(told, keyed, asking),
    };
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
    return keptAnswer(answer, this.cache.ageOf(answer));
  }
}
