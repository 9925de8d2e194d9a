import type { VendorResponse } from '@app/providers';
import type { Call, GatewayError, UpstreamError } from '@app/shared';
import type { Route } from '../model-router.js';

/** A request on its way to one vendor. */
export interface Sending {
  readonly route: Route;
  /** One of the project's own; null for the gateway's. */
  readonly apiKey: string | null;
  /** Aborted when the caller leaves, the gateway stops, or this attempt is given up. */
  readonly signal: AbortSignal;
  /**
   * Whether the first token of a stream is to be waited for, since another vendor can be asked until then. Else the caller's
   * connection is kept alive meanwhile.
   */
  readonly waits: boolean;
  /** Between two pieces of the answer, in ms; null: as long as the gateway allows. */
  readonly idleMs: number | null;
  /** Tells the target and its key of a failure of theirs that is no end of the attempt: one answer of a session. */
  readonly noteFailure: (error: UpstreamError) => void;
  /** For the errand to set: the vendor took the request, and may bill it even if nothing more comes. */
  accepted: boolean;
}

/** A vendor has begun to answer, with a status of success. */
export interface Sent {
  readonly response: Pick<VendorResponse, 'status' | 'header'>;
}

/** What the executor has to get done: one call, at whichever vendor. */
export interface Errand<Begun extends Sent> {
  readonly call: Pick<Call, 'projectId' | 'signal' | 'startedAt'>;
  readonly stream: boolean;
  /** Estimated. */
  readonly inputTokens: number;
  /** The model name as the caller asked it. */
  readonly modelAsked: string;
  /** Something has reached the caller: from then on no other vendor can be asked. */
  readonly committed: boolean;
  /** The caller has a part of the answer, and the next vendor goes on from there. */
  readonly resuming?: boolean;
  /** It was answered before, and is to go on: all of its attempts are paid for. */
  readonly goesOn?: boolean;
  /**
   * Writes the request in the vendor's words and sends it. Resolves with the first token of a stream that is waited for, with
   * the status of any other answer.
   *
   * @throws GatewayError, UpstreamError
   */
  send(sending: Sending): Promise<Begun>;
  /** When the first token came, in monotonic ms; null when it was waited for, or did not come. */
  readonly firstTokenAt?: number | null;
  /** What broke the answer off after it had begun; its caller was told. */
  readonly cut?: GatewayError | null;
  /** Carries the answer to the caller. @returns how many tokens it had, null when nobody knows @throws as `send` */
  answer(begun: Begun): Promise<number | null>;
  /** That attempt is given up, though its vendor may have begun to work, and bill it. */
  abandoned(sending: Sending): void;
  /** Nobody answers, and the vendor of this last attempt may bill it. */
  spent(sending: Sending): void;
  /** Nobody answers, and the vendor of this last attempt has refused it: that costs nothing. */
  refused(): void;
}
