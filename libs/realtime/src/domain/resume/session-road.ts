import { setTimeout as pause } from 'node:timers/promises';
import type { Executor, PlannedCall } from '@app/routing';
import { GatewayError, UpstreamError } from '@app/shared';
import type { LiveErrand } from '../live-errand.js';

/** Of attempts without an answer in between. */
const MOST_IN_A_ROW = 3;
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
    for (let inRow = 1; errand.loss; inRow += 1) {
      if (inRow > MOST_IN_A_ROW) {
        errand.session?.giveUp(errand.loss, why);
        return;
      }
      why = await this.attempt(inRow);
      inRow = why === null && errand.hasAnswered ? 0 : inRow;
    }
  }

  /** @returns why there is no vendor; null: there was one */
  private async attempt(number: number): Promise<string | null> {
    const { errand, planned } = this;
    try {
      await this.executor.run({ ...planned, routes: errand.ways }, errand);
      return null;
    } catch (error) {
      if (!errand.loss) {
        return null; // its caller has left meanwhile
      }
      if (!(error instanceof GatewayError) || isOwn(error)) {
        errand.session?.fail(error);
        return null;
      }
      const { signal } = errand.call;
      await pause(PAUSE_MS * number, undefined, { signal }).catch(() => undefined);
      return error.message;
    }
  }
}

/** No vendor's fault, and the same at the next attempt: a budget, a scope. */
function isOwn(error: GatewayError): boolean {
  return !(error instanceof UpstreamError) && error.status < 500;
}
