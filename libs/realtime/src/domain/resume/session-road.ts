import { setTimeout as pause } from 'node:timers/promises';
import type { Executor, PlannedCall } from '@app/routing';
import { GatewayError, UpstreamError } from '@app/shared';
import type { LiveErrand } from '../live-errand.js';

/** Attempts of a session for which nobody says how many there may be. */
const USUAL_ATTEMPTS = 3;
const PAUSE_MS = 250;

/** Takes a session to a vendor, and to another one when it has lost that. */
export class SessionRoad {
  constructor(
    private readonly executor: Executor,
    private readonly planned: PlannedCall,
    private readonly errand: LiveErrand,
  ) {}

  /** Resolves when the session is over, and on record. @throws GatewayError when it did not begin */
  async run(): Promise<void> {
    const { errand } = this;
    try {
      await this.executor.run(this.planned, errand);
      await this.goOn();
      await errand.settle();
    } finally {
      errand.release();
    }
  }

  private async goOn(): Promise<void> {
    const { errand } = this;
    let why: string | null = null;
    let left = this.most;
    for (let run = 1; errand.loss; run += 1) {
      if (left <= 0) {
        errand.session?.giveUp(errand.loss, why);
        return;
      }
      const before = errand.attempts;
      why = await this.attempt(left);
      left -= Math.max(1, errand.attempts - before); // where nobody could be asked, it was one in vain
      if (why === null && errand.hasAnswered) {
        left = this.most;
        run = 0;
      } else if (why !== null && left > 0) {
        const { signal } = errand.call;
        await pause(PAUSE_MS * run, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Of attempts without an answer in between. */
  private get most(): number {
    const { errand, planned } = this;
    const isTold = planned.policy !== null || errand.call.routing?.maxAttempts !== undefined;
    return isTold ? planned.options.maxAttempts : USUAL_ATTEMPTS;
  }

  /** @param left attempts that may be made @returns why there is no vendor; null: there was one */
  private async attempt(left: number): Promise<string | null> {
    const { errand, planned } = this;
    const options = { ...planned.options, maxAttempts: Math.min(left, planned.options.maxAttempts) };
    try {
      await this.executor.run({ ...planned, options, routes: errand.ways }, errand);
      return null;
    } catch (error) {
      if (!errand.loss) {
        return null; // its caller has left meanwhile
      }
      if (!(error instanceof GatewayError) || isOwn(error)) {
        errand.session?.fail(error);
        return null;
      }
      return error.message;
    }
  }
}

/** No vendor's fault, and the same at the next attempt: a budget, a scope. */
function isOwn(error: GatewayError): boolean {
  return !(error instanceof UpstreamError) && error.status < 500;
}
