import { Injectable } from '@nestjs/common';
import { HedgeBudget, RetryBudget } from '../health/attempt-budget.js';
import { KeyCooldowns } from '../health/key-cooldowns.js';
import type { PlannedCall } from '../planned-call.js';
import { Departures } from './departures.js';
import type { Errand, Sent } from './errand.js';
import { Journey } from './journey.js';

/** Gets calls answered: each goes down its plan until a vendor answers, or there is no way left. */
@Injectable()
export class Executor {
  constructor(
    readonly departures: Departures,
    readonly cooldowns: KeyCooldowns,
    readonly retries: RetryBudget,
    readonly hedges: HedgeBudget,
  ) {}

  /**
   * Resolves when the caller has its answer.
   *
   * @throws what the only attempt threw, or what the request itself was refused for; NoTargetLeftError (503, 429); once
   * something has reached the caller, what broke its answer off
   */
  run<Begun extends Sent>(planned: PlannedCall, errand: Errand<Begun>): Promise<void> {
    const { call, modelAsked } = errand;
    if (!errand.goesOn) {
      this.retries.deposit(call.projectId, modelAsked);
    }
    if (planned.options.hedge) {
      this.hedges.deposit(call.projectId, modelAsked);
    }
    return new Journey(this, planned, errand).run();
  }
}
