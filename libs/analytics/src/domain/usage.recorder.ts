import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/shared';
import { logCalls } from './call-log.js';
import { DecisionRepository } from './decision.repository.js';
import { decisionText } from './decision-text.js';
import type { UsageDecision } from './usage-decision.entity.js';
import type { UsageRecord } from './usage-record.entity.js';
import { UsageRepository } from './usage.repository.js';

/** The embedded store is synchronous: a larger batch would hold up answers. */
const BATCH = 200;
const FLUSH_MS = 250;
const RETRY_MS = 1000;
const MAX_PENDING = 100_000;
/** A decision takes ten times the memory of a usage record. */
const MAX_PENDING_DECISIONS = 10_000;
/** What is kept of those that memory had no room for. */
const LOST_DECISION = { truncated: true, reason: 'The store was down for too long.' };

/**
 * Takes usage records and decisions from the hot path and writes them, in order and in batches, when the event loop has a moment.
 * While the store is down they wait in memory; a crash loses what waits.
 */
@Injectable()
export class UsageRecorder implements BeforeApplicationShutdown {
  private readonly pending: UsageRecord[] = [];
  /** Of the pending records that have one, by their id. */
  private readonly decisions = new Map<string, object>();
  /** How many of `pending`, from the front, are in the log already. */
  private logged = 0;
  private timer: NodeJS.Timeout | null = null;
  private draining: Promise<void> | null = null;
  private storeDown = false;
  private full = false;
  private lost = 0;

  constructor(
    private readonly records: UsageRepository,
    private readonly kept: DecisionRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Records lost since the start, because the store was down for too long. */
  get dropped(): number {
    return this.lost;
  }

  /** Never throws and never waits. @param decision plain JSON; kept beside the record */
  record(usage: UsageRecord, decision: object | null = null): void {
    if (this.pending.length >= MAX_PENDING) {
      this.drop(usage);
      return;
    }
    this.pending.push(usage);
    if (decision) {
      this.decisions.set(usage.id, this.decisions.size < MAX_PENDING_DECISIONS ? decision : LOST_DECISION);
    }
    if (this.pending.length === BATCH && !this.storeDown) {
      setImmediate(() => void this.drainFull());
    } else {
      this.wake(FLUSH_MS);
    }
  }

  /** Resolves when all that was recorded is in the store, or the store has failed. */
  flush(): Promise<void> {
    return this.drain(1);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
    if (this.pending.length > 0) {
      this.logger.error({ lost: this.pending.length }, 'The store is down: usage records are lost.');
    }
  }

  /** Under load only full batches go out at once: a batch of one costs the store as much as one of fifty. */
  private drainFull(): Promise<void> {
    return this.drain(BATCH);
  }

  /** Writes batches while at least so many records wait. */
  private async drain(atLeast: number): Promise<void> {
    while (this.draining) {
      await this.draining; // several may wait: only the first of them goes on
    }
    if (this.pending.length >= atLeast) {
      this.draining = this.writeBatches(atLeast);
      await this.draining;
    }
  }

  private async writeBatches(atLeast: number): Promise<void> {
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
    let written = true;
    while (written && this.pending.length >= atLeast) {
      written = await this.writeBatch();
      await nextTurn();
    }
    this.draining = null;
    if (this.pending.length > 0) {
      this.wake(written ? FLUSH_MS : RETRY_MS);
    }
  }

  /** False when the store failed; the batch then stays at the front. */
  private async writeBatch(): Promise<boolean> {
    const batch = this.pending.slice(0, BATCH);
    logCalls(this.logger, batch.slice(this.logged));
    this.logged = Math.max(this.logged, batch.length);
    try {
      if (this.decisions.size > 0) {
        await this.writeDecisions(batch); // first: who finds the record finds its decision
      }
      await this.records.insertMany(batch);
    } catch (error) {
      this.noteOutage(error);
      return false;
    }
    this.pending.splice(0, batch.length);
    this.logged -= batch.length;
    this.noteRecovery();
    return true;
  }

  private async writeDecisions(batch: readonly UsageRecord[]): Promise<void> {
    const decided: UsageDecision[] = [];
    for (const { id, projectId, receivedAt } of batch) {
      const decision = this.decisions.get(id);
      if (decision) {
        decided.push({ id, projectId, decision: decisionText(decision), receivedAt });
      }
    }
    await this.kept.insertMany(decided);
    decided.forEach(({ id }) => this.decisions.delete(id));
  }

  private wake(afterMs: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.drain(1);
    }, afterMs).unref();
  }

  private drop(usage: UsageRecord): void {
    this.lost += 1;
    logCalls(this.logger, [usage]);
    if (!this.full) {
      this.full = true;
      this.logger.error(
        { pending: MAX_PENDING },
        'The store is down and the memory for usage records is full: records are being lost.',
      );
    }
  }

  /** Once per outage, not once per try. */
  private noteOutage(error: unknown): void {
    if (!this.storeDown) {
      this.storeDown = true;
      this.logger.error({ err: error }, 'The store takes no usage records; they wait in memory.');
    }
  }

  private noteRecovery(): void {
    this.full = false;
    if (this.storeDown) {
      this.storeDown = false;
      this.logger.warn({ dropped: this.lost }, 'The store takes usage records again.');
    }
  }
}
