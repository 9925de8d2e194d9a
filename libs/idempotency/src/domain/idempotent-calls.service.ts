import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Ending, Metering } from '@app/analytics';
import { type Call, StoreUnavailableError } from '@app/shared';
import {
  AnswerNotKeptError,
  IdempotencyKeyInUseError,
  IdempotencyKeyReusedError,
  IdempotencyUnavailableError,
} from './idempotency.errors.js';
import type { Answered } from './kept-answer.entity.js';
import { ANSWER_LIMIT_BYTES, type HeldKey, KeptAnswers, type KeyHolder } from './kept-answers.service.js';
import type { AnswerSource, Recording } from './recording.js';
import { replayHead } from './replay-head.js';
import type { RunningCall } from './running-call.js';
import { RunningCalls } from './running-calls.js';

/** How often, and for how long, a call waits for one that runs at another gateway, in ms. */
const POLL_MS = 250;
const WAIT_MS = 10_000;

/** A call with an idempotency key. */
export interface IdempotentCall {
  readonly call: Call;
  /** Of the key's record. */
  readonly id: string;
  readonly fingerprint: string;
  readonly reply: ServerResponse;
  /** Makes the call itself, into a recording. */
  readonly carry: (call: Call, into: Recording) => AnswerSource;
}

/** Makes each request with an idempotency key once, and answers those who ask the same with the first answer. */
@Injectable()
export class IdempotentCalls {
  constructor(
    private readonly kept: KeptAnswers,
    private readonly running: RunningCalls,
    private readonly metering: Metering,
  ) {}

  /**
   * Resolves when the caller has its answer, or has left.
   *
   * @throws IdempotencyKeyReusedError, IdempotencyKeyInUseError, AnswerNotKeptError (409)
   * @throws IdempotencyUnavailableError (503): nothing was asked of a vendor
   */
  async serve(asked: IdempotentCall): Promise<void> {
    try {
      await this.answer(asked);
    } catch (error) {
      throw error instanceof StoreUnavailableError ? new IdempotencyUnavailableError(error) : error;
    }
  }

  private async answer(asked: IdempotentCall): Promise<void> {
    const { call, id, fingerprint } = asked;
    const holder = { id, projectId: call.projectId, callId: call.id, fingerprint };
    for (let waitedMs = 0; !call.signal.aborted;) {
      const other = this.running.get(id);
      if (other?.canBeJoined) {
        assertSame(other.holder, fingerprint);
        return this.join(asked, other);
      }
      if (other) {
        await this.untilSettled(other, fingerprint);
        continue;
      }
      const own = await this.running.claim(holder);
      if (own) {
        return this.run(asked, own);
      }
      const held = this.running.get(id) ? null : await this.kept.find(id);
      if (held && held.state !== 'running') {
        return this.replay(asked, held);
      }
      if (held) {
        assertSame(held, fingerprint);
        waitedMs = await this.wait(waitedMs);
      }
    }
  }

  /** The call is the first: it is made, and its caller is the first of perhaps many who read the answer. */
  private run({ call, reply, carry }: IdempotentCall, running: RunningCall): Promise<void> {
    const { recording } = running;
    const metered: Call['metered'] = meter => {
      running.meter ??= meter;
    };
    try {
      recording.source = carry({ ...call, metered }, recording);
    } catch (error) {
      recording.end('cut');
      throw error;
    }
    return recording.attach(reply);
  }

  /** The call is made already: its caller reads what came, and what is to come. */
  private async join({ call, reply }: IdempotentCall, running: RunningCall): Promise<void> {
    const { recording, holder } = running;
    await recording.attach(reply, head => replayHead(head, call, holder.callId));
    const status = reply.headersSent ? reply.statusCode : 499;
    if (!reply.writableFinished) {
      const isCut = recording.ending === 'cut';
      void this.note(call, running.answered, { status, outcome: isCut ? 'cut' : 'aborted' });
    } else {
      void this.note(call, running.answered, { status, outcome: status < 400 ? 'completed' : 'failed' });
    }
  }

  private async replay({ call, reply, fingerprint }: IdempotentCall, held: HeldKey): Promise<void> {
    assertSame(held, fingerprint);
    if (!held.answer) {
      throw new AnswerNotKeptError(ANSWER_LIMIT_BYTES);
    }
    const { body, answered } = held.answer;
    const { status, headers } = replayHead(held.answer, call, held.callId);
    await this.note(call, answered, { status, outcome: 'completed' });
    reply.writeHead(status, headers as Record<string, string | string[]>);
    reply.end(body);
  }

  /** A repeated call is in the ledger as the first one, without attempts, tokens and cost. */
  private async note(call: Call, answered: Answered | null, ending: Ending): Promise<void> {
    if (!answered) {
      return;
    }
    const { endpoint, ...known } = answered;
    const meter = this.metering.open(call, endpoint);
    Object.assign(meter, known, { cached: true });
    await meter.close(ending);
  }

  /** @throws IdempotencyKeyInUseError (409) while the answer comes, and is too large to be joined */
  private untilSettled(
    { holder, recording, hasFailed, settled }: RunningCall,
    fingerprint: string,
  ): Promise<void> {
    if (!hasFailed) {
      assertSame(holder, fingerprint);
    }
    if (recording.ending === null) {
      throw new IdempotencyKeyInUseError();
    }
    return settled;
  }

  private async wait(waitedMs: number): Promise<number> {
    if (waitedMs >= WAIT_MS) {
      throw new IdempotencyKeyInUseError();
    }
    await delay(POLL_MS);
    return waitedMs + POLL_MS;
  }
}

function assertSame(first: Pick<KeyHolder, 'fingerprint'>, fingerprint: string): void {
  if (first.fingerprint !== fingerprint) {
    throw new IdempotencyKeyReusedError();
  }
}
