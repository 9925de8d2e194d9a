import type { MeterReading } from '@app/shared';

export interface AnswerHead {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** What the first call's meter knew; replays are counted by it. */
export type Answered = Pick<MeterReading, 'endpoint' | 'modelAsked' | 'provider' | 'modelUsed' | 'stream'> &
  Partial<Pick<MeterReading, 'endUser'>>;

/** An answer as its first caller got it. */
export interface KeptAnswer extends AnswerHead {
  readonly body: Buffer;
  /** Null when the endpoint is not metered. */
  readonly answered: Answered | null;
}

/** What stands in an envelope. */
export interface Contents {
  /** Of the request. */
  readonly fingerprint: string;
  /** Null while the call runs, and when the answer was too large. */
  readonly answer: KeptAnswer | null;
}

/** `running`: a call has the key. `kept`: its answer is here. `too-large`: it was answered, and the answer is not here. */
export type KeyState = 'running' | 'kept' | 'too-large';

/** A key as it is stored: nobody reads the request or the answer without the encryption key. */
export interface StoredAnswer {
  /** SHA-256 of project and key, hex. */
  readonly id: string;
  readonly projectId: string;
  /** The call that took the key. */
  readonly callId: string;
  readonly state: KeyState;
  /** Unix ms. */
  readonly expiresAt: number;
  /** Unix ms, while it runs: later than that, its gateway is gone, and the key is free. */
  readonly leaseUntil: number | null;
  /** Of `Contents`. */
  readonly envelope: string;
}
