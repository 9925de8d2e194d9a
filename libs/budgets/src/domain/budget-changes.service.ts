import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, changeRecord, onLatest, orStale } from '@app/audit';
import { ApiKeysService } from '@app/projects';
import { type Author, given, InvalidRequestError } from '@app/shared';
import { MAX_BUDGETS } from './budget-book.js';
import { type Budget, BUDGET_DEFAULTS, type BudgetSettings } from './budget.entity.js';
import { TooManyBudgetsError } from './budgets.errors.js';
import { BudgetsService } from './budgets.service.js';
import { KeptBudgets } from './kept-budgets.js';

/** What is left out is as in `BUDGET_DEFAULTS`. */
export type NewBudget = Partial<BudgetSettings> & Pick<BudgetSettings, 'name' | 'limitUsd' | 'period'>;

/** Changes of budgets. Each has an author and leaves its entry in the audit trail, or is not made. */
@Injectable()
export class BudgetChanges {
  constructor(
    private readonly kept: KeptBudgets,
    private readonly budgets: BudgetsService,
    private readonly apiKeys: ApiKeysService,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @throws NotFoundError for an unknown project or key; InvalidRequestError naming the field that is wrong
   * @throws ProjectDeletedError, TooManyBudgetsError (409)
   */
  async create(by: Author, projectId: string, settings: NewBudget): Promise<Budget> {
    await this.apiKeys.requireLiveProject(projectId);
    const made = { ...BUDGET_DEFAULTS, ...given(settings) };
    const createdAt = new Date(by.at).toISOString();
    const budget: Budget = { id: randomUUIDv7(), projectId, ...made, createdAt, version: 1 };
    await this.assertSound(budget);
    if ((await this.kept.list(projectId, MAX_BUDGETS)).length === MAX_BUDGETS) {
      throw new TooManyBudgetsError(MAX_BUDGETS);
    }
    const change = { action: 'budget.create', targetId: budget.id, projectId, after: budget };
    await this.audit.tell(by, change, () => this.kept.insert(budget));
    return budget;
  }

  /** What is spent stays spent. @throws NotFoundError, StaleVersionError, InvalidRequestError */
  async update(
    by: Author,
    projectId: string,
    id: string,
    settings: Partial<BudgetSettings>,
  ): Promise<Budget> {
    const change = given(settings);
    return onLatest(
      by,
      () => this.budgets.get(projectId, id),
      async before => {
        const after = { ...before, ...change };
        await this.assertSound(after);
        const write = () => this.kept.replace({ ...after, version: before.version + 1 });
        const action = 'budget.update';
        return changeRecord(this.audit, by, { action, projectId, before, after }, write);
      },
    );
  }

  /** What was spent of it is forgotten, but not the calls. @throws NotFoundError, StaleVersionError */
  async delete(by: Author, projectId: string, id: string): Promise<void> {
    await onLatest(
      by,
      () => this.budgets.get(projectId, id),
      budget => {
        const change = { action: 'budget.delete', targetId: id, projectId, before: budget };
        return this.audit.tell(by, change, () => orStale(this.kept.delete(budget)));
      },
    );
  }

  private async assertSound({ projectId, keyId, rolling, period }: Budget): Promise<void> {
    if (rolling && period === 'total') {
      throw new InvalidRequestError("rolling must be false where period is 'total'.", 'rolling');
    }
    if (keyId !== null) {
      await this.apiKeys.get(projectId, keyId);
    }
  }
}
