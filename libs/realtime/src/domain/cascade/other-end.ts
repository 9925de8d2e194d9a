import type { LiveAct, LiveEvent } from '@app/dialects';
import type { GatewayError } from '@app/shared';

/** What the gateway itself has at the other end. */
export interface OtherEnd {
  /** What the caller wants, in one message; what cannot be done it is told, and then all of that is as if it had not been said. */
  act(acts: readonly LiveAct[]): void;
  /** The caller is gone: all that runs is broken off. Resolves when it is on record. */
  close(reason?: GatewayError): Promise<void>;
}

/** Who hears what it says. */
export interface CascadeCaller {
  /** False when it reads too slowly. */
  tell(event: LiveEvent): boolean;
  /** Once, when it can take more. */
  onceReady(listener: () => void): void;
  /** What ends the session: nothing more can be paid, or somebody made a mistake. */
  fail(error: unknown): void;
}
