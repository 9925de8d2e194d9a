import { Injectable } from '@nestjs/common';
import { type KeptFor, KeepingTerms } from './keeping-terms.js';
import type { KeptResponse, ResponseContents, ResponseHead, StoredResponse } from './kept-response.entity.js';
import { type ResponseEnding, ResponseRepository } from './response.repository.js';
import { ResponseNotFoundError } from './responses.errors.js';
import { SealedJson } from './sealed-json.js';

/** A gateway that works on a response says so more often than this, in ms. */
export const LEASE_MS = 60_000;
const ABANDONED = {
  code: 'server_error',
  message: 'The gateway that worked on this response has stopped. Ask again.',
};

/** What the keeper makes itself. */
export type NewResponse = Omit<KeptResponse, 'expiresAt' | 'leaseUntil'> & KeptFor;

/** Responses that the gateway keeps for their project, for a time. */
@Injectable()
export class KeptResponses {
  constructor(
    private readonly responses: ResponseRepository,
    private readonly sealed: SealedJson,
    private readonly terms: KeepingTerms,
  ) {}

  /** False when nothing is kept for it. */
  keeps(whose: KeptFor): boolean {
    return this.terms.keeps(whose);
  }

  /** Whether a response with that input may be kept at all. @throws TooLargeToKeepError (400) */
  assertKeepable(input: ResponseContents['input']): void {
    this.terms.assertKeepable(Buffer.byteLength(JSON.stringify(input)));
  }

  /**
   * @param kept its `contextBytes` are of what came before; its own are added here
   * @throws TooLargeToKeepError (400), StoreUnavailableError (503)
   */
  async keep(kept: NewResponse): Promise<void> {
    const { response, input, responseDays: _days, ...head } = kept;
    const { envelope, bytes } = this.seal(head.id, { response, input }, false);
    await this.responses.insert({
      ...head,
      contextBytes: head.contextBytes + bytes,
      expiresAt: this.terms.expiresAt(kept),
      leaseUntil: head.status === 'in_progress' ? this.terms.now + LEASE_MS : null,
      envelope,
    });
  }

  /**
   * Ends one that is in progress. False when it was ended otherwise. To say that it ended without an answer there is always
   * room.
   *
   * @throws TooLargeToKeepError (400), StoreUnavailableError (503)
   */
  async finish(
    { id, contextBytes }: Pick<ResponseHead, 'id' | 'contextBytes'>,
    status: ResponseEnding['status'],
    contents: ResponseContents,
  ): Promise<boolean> {
    const hasNoAnswer = status === 'failed' || status === 'cancelled';
    const { envelope, bytes } = this.seal(id, contents, hasNoAnswer);
    return this.responses.finish(id, { status, envelope, contextBytes: contextBytes + bytes });
  }

  /** False when it is not in progress any more. @throws StoreUnavailableError (503) */
  renewLease(id: string): Promise<boolean> {
    return this.responses.renewLease(id, this.terms.now + LEASE_MS);
  }

  /** @throws ResponseNotFoundError (404), UnreadableRecordError (500), StoreUnavailableError (503) */
  async get(projectId: string, id: string): Promise<KeptResponse> {
    const stored = await this.responses.findById(projectId, id, this.terms.now);
    if (!stored) {
      throw new ResponseNotFoundError(id);
    }
    const kept = this.open(stored);
    return this.isAbandoned(kept) ? this.endAbandoned(kept) : kept;
  }

  /** @throws ResponseNotFoundError (404), StoreUnavailableError (503) */
  async delete(projectId: string, id: string): Promise<void> {
    if (!(await this.responses.delete(projectId, id))) {
      throw new ResponseNotFoundError(id);
    }
  }

  /** Those of them that are there, by their ids. @throws UnreadableRecordError (500), StoreUnavailableError (503) */
  async getAll(projectId: string, ids: readonly string[]): Promise<ReadonlyMap<string, KeptResponse>> {
    const stored = ids.length === 0 ? [] : await this.responses.findByIds(projectId, ids, this.terms.now);
    return new Map(stored.map(response => [response.id, this.open(response)]));
  }

  private open({ envelope, ...head }: StoredResponse): KeptResponse {
    return { ...head, ...(this.sealed.open(envelope, head.id) as ResponseContents) };
  }

  /** @param hasRoom whatever its size is */
  private seal(
    id: string,
    { response, input }: ResponseContents,
    hasRoom: boolean,
  ): { envelope: string; bytes: number } {
    const json = JSON.stringify({ response, input });
    const bytes = Buffer.byteLength(json);
    if (!hasRoom) {
      this.terms.assertKeepable(bytes);
    }
    return { envelope: this.sealed.seal(json, id), bytes };
  }

  private isAbandoned({ status, leaseUntil }: KeptResponse): boolean {
    return status === 'in_progress' && leaseUntil !== null && leaseUntil < this.terms.now;
  }

  private async endAbandoned(kept: KeptResponse): Promise<KeptResponse> {
    const response = { ...kept.response, status: 'failed', error: ABANDONED };
    await this.finish(kept, 'failed', { response, input: kept.input });
    return { ...kept, status: 'failed', response };
  }
}
