import type { DialectId } from '@app/dialects';

/** What a vendor said of a request that it does not take, as `UpstreamError` says it. */
export interface CachedRefusal {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
}

/** A vendor's answer as it came, for all who ask the same again. */
export class CachedAnswer {
  /** As of `requestKey`. */
  readonly key!: string;
  readonly projectId!: string;
  /** Empty when the caller chose none. */
  readonly namespace!: string;
  /** Vendor id. */
  readonly vendor!: string;
  /** The vendor's name of the model that was asked. */
  readonly model!: string;
  /** What the body is written in; of a task, where it was asked: the vendor and the task tell its shape. */
  readonly dialect!: DialectId | `/${string}`;
  readonly contentType!: string;
  readonly body!: Buffer;
  /** How the body came, in bytes: the length of each piece. */
  readonly pieces!: number[];
  /** The call that it answered first. */
  readonly callId!: string;
  /** Unix ms, as the next. */
  readonly keptAt!: number;
  readonly expiresAt!: number;
  /** What the first call used and cost; null when its price is not known. */
  readonly inputTokens!: number;
  readonly outputTokens!: number;
  readonly costNanoUsd!: number | null;
  /** It did not take the request, and the body is empty; absent where it did. */
  readonly refusal?: CachedRefusal | undefined;
  /** The simulator gave it. */
  readonly simulated!: boolean;
}
