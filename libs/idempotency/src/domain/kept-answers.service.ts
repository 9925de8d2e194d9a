import { isUtf8 } from 'node:buffer';
import { Injectable } from '@nestjs/common';
import { Clock, Config, Secrets } from '@app/shared';
import type { Contents, KeptAnswer, StoredAnswer } from './kept-answer.entity.js';
import { KeptAnswerRepository } from './kept-answer.repository.js';

/** A gateway whose call has a key says so more often than this, in ms. */
export const LEASE_MS = 30_000;
/** Sealed, base64 in base64, this fits a document of MongoDB. */
export const ANSWER_LIMIT_BYTES = 8 * 1024 * 1024;

/** A call and the key it has, or wants. */
export interface KeyHolder {
  /** Of the key's record. */
  readonly id: string;
  readonly projectId: string;
  readonly callId: string;
  /** Of the request. */
  readonly fingerprint: string;
}

/** A key that somebody has, opened. */
export interface HeldKey extends Contents {
  readonly state: StoredAnswer['state'];
  readonly callId: string;
}

/** Idempotency keys and the answers to their requests, sealed, for a time. All methods throw StoreUnavailableError (503). */
@Injectable()
export class KeptAnswers {
  constructor(
    private readonly answers: KeptAnswerRepository,
    private readonly secrets: Secrets,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** Takes the key for the call. False when another one has it. */
  claim({ id, projectId, callId, fingerprint }: KeyHolder): Promise<boolean> {
    const now = this.clock.now();
    return this.answers.claim(
      {
        id,
        projectId,
        callId,
        state: 'running',
        expiresAt: this.expiresAt,
        leaseUntil: now + LEASE_MS,
        envelope: this.seal(id, { fingerprint, answer: null }),
      },
      now,
    );
  }

  /** Null when the key is free. @throws Error when no encryption key of the ring opens it */
  async find(id: string): Promise<HeldKey | null> {
    const now = this.clock.now();
    const stored = await this.answers.findById(id, now);
    if (!stored || (stored.leaseUntil !== null && stored.leaseUntil < now)) {
      return null;
    }
    const { state, callId, envelope } = stored;
    return { state, callId, ...this.open(id, envelope) };
  }

  /** False when the call has lost the key. */
  renew({ id, callId }: KeyHolder): Promise<boolean> {
    return this.answers.renewLease(id, callId, this.clock.now() + LEASE_MS);
  }

  /**
   * Ends a call that was answered. False when it has lost the key.
   *
   * @param answer null when it was too large
   */
  keep({ id, callId, fingerprint }: KeyHolder, answer: KeptAnswer | null): Promise<boolean> {
    const envelope = this.seal(id, { fingerprint, answer });
    const state = answer ? 'kept' : 'too-large';
    return this.answers.finish(id, callId, { state, envelope, expiresAt: this.expiresAt });
  }

  /** The call came to nothing: whoever has the key may try again. */
  release({ id, callId }: KeyHolder): Promise<void> {
    return this.answers.release(id, callId);
  }

  private get expiresAt(): number {
    return this.clock.now() + this.config.idempotencyTtlMs;
  }

  private seal(id: string, { fingerprint, answer }: Contents): string {
    const written = answer && { ...answer, body: writtenBody(answer.body) };
    return this.secrets.encrypt(JSON.stringify({ fingerprint, answer: written }), id);
  }

  private open(id: string, envelope: string): Contents {
    const { fingerprint, answer } = JSON.parse(this.secrets.decrypt(envelope, id)) as Written;
    return { fingerprint, answer: answer && { ...answer, body: readBody(answer.body) } };
  }
}

type WrittenBody = string | { readonly base64: string };

interface Written {
  readonly fingerprint: string;
  readonly answer: (Omit<KeptAnswer, 'body'> & { readonly body: WrittenBody }) | null;
}

/** As the text that it is, so that a new encryption key finds the stamps in it; base64 where it is none, or would be longer. */
function writtenBody(body: Buffer): WrittenBody {
  const [text, base64] = [body.toString(), body.toString('base64')];
  return isUtf8(body) && JSON.stringify(text).length <= base64.length ? text : { base64 };
}

function readBody(written: WrittenBody): Buffer {
  return typeof written === 'string' ? Buffer.from(written) : Buffer.from(written.base64, 'base64');
}
