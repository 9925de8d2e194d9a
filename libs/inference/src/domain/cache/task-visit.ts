import type { CallMeter } from '@app/analytics';
import { openAiChatClient } from '@app/dialects';
import type { AnswerCache } from '@app/optimization';
import { ReplayedResponse, Tape } from '@app/providers';
import { allowsRoute } from '@app/routing';
import { type CacheUse, ownBytes } from '@app/shared';
import { nowhere } from '../endpoint.service.js';
import type { CacheNote, Exchange } from '../exchange.js';
import type { KeptTask, PlannedTask, TaskTrip } from '../task.road.js';
import { askedBy } from './asked-by.js';
import { type AnswerFacts, factsOf } from './awaited-answer.js';
import { vendorNote } from './cache-notes.js';
import type { Flight, FlightCaller } from './flight.js';
import type { Flights } from './flights.js';
import { type Answering, type Followed, isAnswered } from './following.js';
import { keptAnswer, type Told } from './told.js';

/** A task, who asks it, and what its caller wants of the cache. */
export interface AskedTask extends FlightCaller, Pick<TaskTrip, 'model' | 'stream' | 'fileHash'> {
  /** It says where it was asked, too. */
  readonly meter: CallMeter;
  readonly use: CacheUse;
  /** All that the answer depends on but the model; null: no answer to it may be kept. */
  readonly question: () => TaskQuestion | null;
}

export interface TaskQuestion {
  /** Where it is asked: each has words of its own. */
  readonly endpoint: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** So that another gateway is sent it in messages of a usual size. */
const PIECE_BYTES = 65_536;

/** What the cache has to do with one task. The same question has the same answer, whatever it says of chance: there is none. */
export class TaskVisit implements KeptTask {
  /** What its caller is told when a vendor answers. */
  note: CacheNote | null = null;
  private key: string | null = null;
  /** When it began, for the cache. */
  private begun = 0;
  /** Of those who ask the same meanwhile; null: nobody waits for it. */
  private flight: Flight | null = null;

  constructor(
    private readonly cache: AnswerCache,
    private readonly flights: Flights,
    private readonly asked: AskedTask,
  ) {}

  /** As the vendor is to be asked: others may wait for the answer, too. */
  get made(): FlightCaller {
    return this.flight?.made ?? this.asked;
  }

  /**
   * Whether its caller was told what is kept, or what others are answered meanwhile; else the vendor is to be asked.
   *
   * @throws CacheMissError (504) when it is not
   * @throws GatewayError that whoever made the same call was told by the vendor
   */
  answer(planned: PlannedTask, prepare: TaskTrip['prepare']): Promise<boolean> {
    const { use } = this.asked;
    this.key = this.keyed(planned);
    this.begun = this.cache.begin();
    this.note = vendorNote(use, this.key !== null);
    const tell = (told: Told): Promise<boolean> => this.tell(told, planned, prepare);
    return isAnswered(use, this.key === null ? null : this.answering(this.key, tell));
  }

  /** When the caller has the answer. @param tape of the vendor's bytes */
  isAnsweredBy(exchange: Exchange, tape: Tape): void {
    const { meter } = exchange;
    if (this.key === null || meter.cached || meter.outcome !== 'completed' || tape.over !== 'ended') {
      return;
    }
    const facts = factsOf(exchange);
    const isSmall = !tape.isLost && tape.size <= this.cache.entryLimitBytes;
    if (this.asked.use.ttlMs > 0 && isSmall) {
      this.keep(this.key, facts, tape);
    }
    this.flight?.isAnsweredBy({ ...facts, tape, costNanoUsd: () => meter.costNanoUsd() });
  }

  /** The call that others follow is over. @param error of one that failed */
  land(error?: unknown): void {
    if (this.flight && this.key !== null) {
      this.flights.land(this.key, this.flight, error);
    }
  }

  private answering(key: string, tell: Answering['tell']): Answering {
    return {
      follower: this.asked,
      flight: () => this.flights.get(key),
      find: () => this.find(key, tell),
      tell,
    };
  }

  /** What is kept; else the call begins that others follow. */
  private async find(key: string, tell: Answering['tell']): Promise<Followed> {
    const { call, use } = this.asked;
    const kept = await this.cache.find(call.projectId, key, use.maxAgeMs);
    if (kept) {
      return (await tell(keptAnswer(kept, this.cache.ageOf(kept)))) ? 'answered' : 'alone';
    }
    if (use.mode === 'only') {
      return 'alone';
    }
    this.flight = await this.flights.begin(key, this.asked);
    return this.flight ? 'alone' : 'again';
  }

  /** As if the vendor had just given it; false when that is not for this caller. @throws GatewayError (400, 403) */
  private async tell(
    { answer, note, savedNanoUsd }: Told,
    { routes, ownMembers, policy }: PlannedTask,
    prepare: TaskTrip['prepare'],
  ): Promise<boolean> {
    const { call, meter, reply, use, stream, fileHash } = this.asked;
    const route = routes.find(({ id }) => id === `${answer.vendor}/${answer.model}`);
    if (!route || !allowsRoute(call.permission, route)) {
      return false;
    }
    const { losses, answer: give } = await prepare(route, ownMembers);
    meter.cached = true;
    meter.savedNanoUsd = savedNanoUsd;
    const pauseMs = stream && use.pace !== null ? Math.round(1000 / use.pace) : null;
    await give({
      call,
      meter,
      reply,
      route,
      dialect: openAiChatClient,
      endpoint: nowhere(answer.simulated),
      losses, // the caller is told of them again
      asked: null,
      response: new ReplayedResponse(answer.contentType, answer.tape, call.signal, pauseMs),
      policy,
      cache: note,
      fileHash,
    });
    return true;
  }

  private keep(key: string, facts: AnswerFacts, { pieces }: Tape): void {
    const { call, use, meter } = this.asked;
    this.cache.keep(
      {
        ...facts,
        key,
        projectId: call.projectId,
        namespace: use.namespace,
        dialect: meter.endpoint as `/${string}`,
        body: ownBytes(pieces),
        pieces: pieces.map(({ length }) => length),
        inputTokens: meter.usage?.inputTokens ?? 0,
        outputTokens: meter.usage?.outputTokens ?? 0,
        costNanoUsd: meter.costNanoUsd(),
      },
      use.ttlMs,
      this.begun,
      use.mode === 'refresh',
    );
  }

  private keyed(planned: PlannedTask): string | null {
    const { call, use, model, question } = this.asked;
    const asked = use.keeps === 'off' ? null : question();
    const besides = { headers: {}, routing: call.routing };
    return (
      asked && this.cache.keyOfTask({ ...askedBy({ call, use }, planned, { model }), ...besides, ...asked })
    );
  }
}

/** Of an answer that came as a whole. */
export function tapeOf(bytes: Buffer): Tape {
  const whole = Array<number>(Math.floor(bytes.length / PIECE_BYTES)).fill(PIECE_BYTES);
  const rest = bytes.length % PIECE_BYTES;
  return Tape.of(bytes, rest === 0 ? whole : [...whole, rest]);
}
