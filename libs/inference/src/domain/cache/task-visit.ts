import type { CallMeter } from '@app/analytics';
import { parseExact } from '@app/dialects';
import type { AnswerCache } from '@app/optimization';
import { Tape } from '@app/providers';
import type { PlannedCall } from '@app/routing';
import { type CacheUse, hasDoubledMembers, ownBytes } from '@app/shared';
import type { CacheNote, Exchange } from '../exchange.js';
import type { ParsedBody } from '../parse-body.js';
import type { KeptTask } from '../task.road.js';
import { askedBy } from './asked-by.js';
import { type AnswerFacts, factsOf } from './awaited-answer.js';
import { vendorNote } from './cache-notes.js';
import { refersElsewhere } from './elsewhere.js';
import type { Flight, FlightCaller } from './flight.js';
import type { Flights } from './flights.js';
import { type Answering, type Followed, isAnswered } from './following.js';
import { keptAnswer, type Told } from './told.js';

/** False when that is not for this caller. */
type Tell = (told: Told, planned: PlannedCall) => Promise<boolean>;

/** A task, who asks it, and what its caller wants of the cache. */
interface AskedTask extends FlightCaller {
  /** It says where it was asked, too. */
  readonly meter: CallMeter;
  readonly use: CacheUse;
  readonly body: ParsedBody;
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
    private readonly tell: Tell,
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
  answer(planned: PlannedCall): Promise<boolean> {
    const { use } = this.asked;
    this.key = this.keyed(planned);
    this.begun = this.cache.begin();
    this.note = vendorNote(use, this.key !== null);
    return isAnswered(use, this.key === null ? null : this.answering(this.key, planned));
  }

  /** When the caller has the answer. @param bytes of the vendor */
  isAnsweredBy(exchange: Exchange, bytes: Buffer): void {
    const { meter } = exchange;
    if (this.key === null || meter.outcome !== 'completed') {
      return;
    }
    const facts = factsOf(exchange);
    if (this.asked.use.ttlMs > 0 && bytes.length <= this.cache.entryLimitBytes) {
      this.keep(this.key, facts, bytes);
    }
    this.flight?.isAnsweredBy({
      ...facts,
      tape: Tape.of(bytes, piecesOf(bytes)),
      costNanoUsd: () => meter.costNanoUsd(),
    });
  }

  /** The call that others follow is over. @param error of one that failed */
  land(error?: unknown): void {
    if (this.flight && this.key !== null) {
      this.flights.land(this.key, this.flight, error);
    }
  }

  private answering(key: string, planned: PlannedCall): Answering {
    const tell = (told: Told): Promise<boolean> => this.tell(told, planned);
    return {
      follower: this.asked,
      flight: () => this.flights.get(key),
      find: () => this.find(key, tell),
      tell,
    };
  }

  /** What is kept; else the call begins that others follow. */
  private async find(key: string, tell: (told: Told) => Promise<boolean>): Promise<Followed> {
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

  private keep(key: string, facts: AnswerFacts, bytes: Buffer): void {
    const { call, use, meter } = this.asked;
    const body = ownBytes([bytes]);
    this.cache.keep(
      {
        ...facts,
        key,
        projectId: call.projectId,
        namespace: use.namespace,
        dialect: meter.endpoint as `/${string}`,
        body,
        pieces: [body.length],
        inputTokens: meter.usage?.inputTokens ?? 0,
        outputTokens: meter.usage?.outputTokens ?? 0,
        costNanoUsd: meter.costNanoUsd(),
      },
      use.ttlMs,
      this.begun,
      use.mode === 'refresh',
    );
  }

  private keyed(planned: PlannedCall): string | null {
    const { call, use, meter, body } = this.asked;
    const text = use.keeps === 'off' ? null : body.bytes.toString();
    if (text === null || refersElsewhere(body.json) || hasDoubledMembers(text)) {
      return null;
    }
    return this.cache.keyOfTask({
      ...askedBy({ call, use }, planned, body),
      headers: {},
      routing: call.routing,
      endpoint: meter.endpoint,
      body: parseExact(text) as ParsedBody['json'],
    });
  }
}

function piecesOf({ length }: Buffer): number[] {
  const whole = Array<number>(Math.floor(length / PIECE_BYTES)).fill(PIECE_BYTES);
  return length % PIECE_BYTES === 0 ? whole : [...whole, length % PIECE_BYTES];
}
