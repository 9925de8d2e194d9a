import { Controller, Get, Query } from '@nestjs/common';
import { Access, PageQuery } from '@app/shared';
import { BudgetsService, type NamedBudget } from '../domain/budgets.service.js';
import { type StandingBudget, StandingBudgetPage, toSpending } from './budgets.dto.js';

/** Accounts of each budget that are told with it. */
const TOLD = 5;

@Access('admin')
@Controller('admin/budgets')
export class AllBudgetsController {
  constructor(private readonly budgets: BudgetsService) {}

  /** Lists the budgets of all projects with what is spent of them now, oldest first. */
  @Get()
  async list(@Query() page: PageQuery): Promise<StandingBudgetPage> {
    const { data, next } = await this.budgets.listAll(page);
    return { data: await Promise.all(data.map(budget => this.standing(budget))), next };
  }

  private async standing(budget: NamedBudget): Promise<StandingBudget> {
    const { data, next } = await this.budgets.spending(budget, { limit: TOLD });
    return { ...budget, spending: { data: data.map(spending => toSpending(budget, spending)), next } };
  }
}
