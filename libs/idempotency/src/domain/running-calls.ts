import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/shared';
import { KeptAnswers, type KeyHolder, LEASE_MS } from './kept-answers.service.js';
import { RunningCall } from './running-call.js';

const RENEW_MS = LEASE_MS / 3;
/** When the store is asked again to keep an answer, in ms: all within a lease. Meanwhile those who ask the same get it from memory. */
const RETRIES_MS = [250, 500, 1000, 2000, 4000, 8000];

/** The calls of this gateway that have a key, until their answers are kept or their keys are free. */
@Injectable()
export class RunningCalls {
  private readonly calls = new Map<string, RunningCall>();
  private readonly claims = new Map<string, Promise<RunningCall | null>>();

  constructor(
    private readonly kept: KeptAnswers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  get(id: string): RunningCall | undefined {
    return this.calls.get(id);
  }

  /**
   * Takes a key; null when another call has it. Of many who come at once, one asks the store.
   *
   * @throws StoreUnavailableError (503)
   */
  async claim(holder: KeyHolder): Promise<RunningCall | null> {
    const { id } = holder;
    const other = this.claims.get(id);
    if (other) {
      await other;
      return null;
    }
    const claim = this.kept.claim(holder).then(isTaken => (isTaken ? this.add(holder) : null));
    this.claims.set(id, claim);
    try {
      return await claim;
    } finally {
      this.claims.delete(id);
    }
  }

  private add(holder: KeyHolder): RunningCall {
    const { id } = holder;
    const running = new RunningCall(holder);
    this.calls.set(id, running);
    running.settled = this.watch(running).finally(() => this.calls.delete(id));
    return running;
  }

  /** Never rejects. */
  private async watch(running: RunningCall): Promise<void> {
    const { holder, recording } = running;
    const lease = setInterval(() => void this.renew(holder), RENEW_MS).unref();
    await recording.ended;
    try {
      await (running.isToBeKept ? this.keep(running) : this.kept.release(holder));
    } catch (error) {
      this.logger.warn(
        { err: error, requestId: holder.callId },
        'What became of a call with an Idempotency-Key could not be stored; its key is free when the lease ends.',
      );
    }
    clearInterval(lease);
  }

  private async keep(running: RunningCall, [waitMs, ...later] = RETRIES_MS): Promise<boolean> {
    try {
      return await this.kept.keep(running.holder, running.answer);
    } catch (error) {
      if (waitMs === undefined) {
        throw error;
      }
      await delay(waitMs, undefined, { ref: false });
      return this.keep(running, later);
    }
  }

  private async renew(holder: KeyHolder): Promise<void> {
    try {
      await this.kept.renew(holder);
    } catch (error) {
      this.logger.warn(
        { err: error, requestId: holder.callId },
        'The lease of an Idempotency-Key could not be renewed.',
      );
    }
  }
}
