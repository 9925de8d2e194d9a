import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LOGGER, type Logger } from '@app/shared';
import type { CallCourse } from './call-course.js';
import { logCalls } from './call-log.js';
import { Ledger } from './ledger.js';
import { type Batch, UsageBacklog } from './usage-backlog.js';
import type { UsageRecord } from './usage-record.entity.js';
import { unsettledRecord } from './unsettled-call.js';
import { type BegunCall, type CallMoney, type SpooledCall, UsageSpool } from './usage-spool.js';

/** The embedded store is synchronous: a larger batch would hold up answers. */
const BATCH = 200;
const FLUSH_MS = 250;
const RETRY_MS = 1000;
/** With their decisions some 80 MB. What is more is read back from the spool. */
const MOST_IN_MEMORY = 20_000;

type Hearer = (usage: UsageRecord, course: CallCourse | null) => void;

/**
 * Takes usage records and decisions from the hot path: into the spool at once, so that no crash loses them, and from there to
 * the store in order and in batches, when the event loop has a moment. While the store is down they wait.
 */
@Injectable()
export class UsageRecorder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly hearers: Hearer[] = [];
  private readonly backlog: UsageBacklog;
  /** The batch whose calls are in the log already: it is tried again. */
  private logged: Batch | null = null;
  private timer: NodeJS.Timeout | null = null;
  private draining: Promise<void> | null = null;
  private storeDown = false;
  private lost = 0;

  constructor(
    private readonly ledger: Ledger,
    spool: UsageSpool,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.backlog = new UsageBacklog(spool, MOST_IN_MEMORY);
  }

  /** Records lost since the start: the store was down, and neither the spool nor memory had room. */
  get dropped(): number {
    return this.lost;
  }

  /** Batches that wait for the store. */
  get batches(): number {
    return this.backlog.sealed;
  }

  /** Calls that only memory has. */
  get unsafeCalls(): number {
    return this.backlog.unsafeCalls;
  }

  /** Of the records that wait for the store. */
  get spoolBytes(): number {
    return this.backlog.bytes;
  }

  onApplicationBootstrap(): void {
    const parts = this.backlog.sealed;
    if (this.hasPredecessors) {
      this.wake(0);
    }
    if (parts > 0) {
      this.logger.info(
        { parts },
        'An earlier run left usage records in the spool; they go to the store now.',
      );
      this.wake(0);
    }
  }

  /** @param hear is told every record as it is taken, on the path of its call */
  onRecord(hear: Hearer): void {
    this.hearers.push(hear);
  }

  /** A vendor is about to be asked. Resolves when no crash could hide that. Never rejects. */
  begin(call: BegunCall): Promise<void> {
    return this.backlog.begin(call);
  }

  /**
   * Takes what became of a call. Resolves when no crash loses it, in this turn of the event loop as a rule: the last byte of
   * an answer waits for that. Never rejects.
   *
   * @param decision plain JSON; kept beside the record
   * @param money absent when no budget has to do with it
   * @param course null when nobody saw it
   */
  record(
    usage: UsageRecord,
    decision: object | null = null,
    money?: CallMoney,
    course: CallCourse | null = null,
  ): Promise<void> {
    this.hearers.forEach(hear => hear(usage, course));
    const safe = this.backlog.add(money ? { usage, decision, ...money } : { usage, decision });
    if (this.backlog.open < BATCH) {
      this.wake(FLUSH_MS);
      return safe;
    }
    this.seal();
    if (!this.storeDown) {
      setImmediate(() => void this.drain());
    }
    return safe;
  }

  /** A vendor charges more than was thought possible: a budget pays it all the same, and may have less left than nothing. */
  tellExcess(of: object): void {
    this.logger.warn(
      of,
      'A call cost more than was set aside for it in a hard budget. Its price is higher than the one that is known.',
    );
  }

  /** Resolves when all that was recorded is in the store, or the store has failed. */
  async flush(): Promise<void> {
    this.seal();
    await this.drain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
    const { isEmpty, unsafeCalls } = this.backlog;
    if (unsafeCalls > 0) {
      this.logger.error({ lost: unsafeCalls }, 'The store is down: usage records are lost.');
    } else if (!isEmpty) {
      this.logger.warn('The store is down: usage records wait in the spool for the next start.');
    }
  }

  private seal(): void {
    const lost = this.backlog.seal().map(({ usage }) => usage);
    if (lost.length > 0) {
      logCalls(this.logger, lost);
      this.noteLoss(lost.length);
    }
  }

  /** Writes what is sealed. Under load that is full batches: one of one record costs the store as much as one of fifty. */
  private async drain(): Promise<void> {
    while (this.draining) {
      await this.draining; // several may wait: only the first of them goes on
    }
    if (this.backlog.first() || this.hasPredecessors) {
      this.draining = this.writeBatches();
      await this.draining;
    }
  }

  private async writeBatches(): Promise<void> {
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
    let written = true;
    for (let batch; written && (batch = this.backlog.first());) {
      written = await this.writeBatch(batch);
      await nextTurn();
    }
    written &&= await this.areBuried();
    this.draining = null;
    if (!this.backlog.isEmpty || this.hasPredecessors) {
      this.wake(written ? FLUSH_MS : RETRY_MS);
    }
  }

  /** False when the store failed; the batch then stays at the front. */
  private async writeBatch(batch: Batch): Promise<boolean> {
    try {
      const calls = await this.callsOf(batch);
      if (this.logged !== batch) {
        logCalls(
          this.logger,
          calls.map(({ usage }) => usage),
        );
        this.logged = batch;
      }
      await this.ledger.write(batch.segment.id, calls);
      if (batch.isLastLeftover) {
        await this.recordUnended();
      }
    } catch (error) {
      this.noteOutage(error);
      return false;
    }
    this.backlog.removeFirst();
    await batch.segment.remove().catch((error: unknown) => this.noteLitter(error));
    this.noteRecovery();
    return true;
  }

  private async callsOf({ calls, segment }: Batch): Promise<readonly SpooledCall[]> {
    return calls ?? (await segment.read());
  }

  /**
   * What earlier processes began and nobody ended becomes records of this one, in its own spool: so they are shipped like all
   * others, in batches that have an identity, and another kill does not make them anew.
   */
  private async recordUnended(): Promise<void> {
    const begun = this.backlog.unended();
    const known = await this.known(begun);
    const unsettled = begun.filter(({ id }) => !known.has(id));
    await this.backlog.forget([...known]);
    if (unsettled.length > 0) {
      this.logger.warn(
        { calls: unsettled.length },
        "An earlier run was killed in the middle of calls. What they cost is not known: their outcome is 'unsettled'.",
      );
      await Promise.all(unsettled.map(call => this.record(unsettledRecord(call), null, inherited(call))));
      this.seal();
    }
  }

  private async known(calls: readonly BegunCall[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (let at = 0; at < calls.length; at += BATCH) {
      const ids = calls.slice(at, at + BATCH).map(({ id }) => id);
      (await this.ledger.known(ids)).forEach(id => known.add(id));
    }
    return known;
  }

  private get hasPredecessors(): boolean {
    return this.backlog.predecessors().length > 0;
  }

  /** All that earlier processes left is in the store: nothing is set aside for them any more. False when the store failed. */
  private async areBuried(): Promise<boolean> {
    try {
      for (const process of this.backlog.sealed === 0 ? this.backlog.predecessors() : []) {
        await this.ledger.release(process);
        this.backlog.bury(process);
      }
      return true;
    } catch (error) {
      this.noteOutage(error);
      return false;
    }
  }

  private wake(afterMs: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.flush();
    }, afterMs).unref();
  }

  private noteLoss(count: number): void {
    if (this.lost === 0) {
      this.logger.error(
        { inMemory: MOST_IN_MEMORY },
        'The store is down, and neither the spool nor memory has room: usage records are being lost.',
      );
    }
    this.lost += count;
  }

  /** Once per outage, not once per try. */
  private noteOutage(error: unknown): void {
    if (!this.storeDown) {
      this.storeDown = true;
      this.logger.error({ err: error }, 'The store takes no usage records; they wait in the spool.');
    }
  }

  private noteRecovery(): void {
    if (this.storeDown) {
      this.storeDown = false;
      this.logger.warn({ dropped: this.lost }, 'The store takes usage records again.');
    }
  }

  /** The next start sends them once more, and the store knows them by their ids. */
  private noteLitter(error: unknown): void {
    this.logger.warn({ err: error }, 'A file of the spool could not be removed.');
  }
}

function inherited({ charge }: BegunCall): CallMoney | undefined {
  return charge && { charge: { ...charge, isInherited: true } };
}
