import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import { ApiConflictResponse } from '@nestjs/swagger';
import { Access, type Author, By, Conditional, EntityTagInterceptor, PageQuery } from '@app/shared';
import { BudgetChanges } from '../domain/budget-changes.service.js';
import { Budget } from '../domain/budget.entity.js';
import { BudgetsService } from '../domain/budgets.service.js';
import { BudgetPage, BudgetSpendingPage, CreateBudget, toSpending, UpdateBudget } from './budgets.dto.js';

@Access('admin')
@Controller('admin/projects/:projectId/budgets')
@UseInterceptors(EntityTagInterceptor)
export class BudgetsController {
  constructor(
    private readonly budgets: BudgetsService,
    private readonly changes: BudgetChanges,
  ) {}

  /** Limits what some calls of a project may cost together, in force within a second. */
  @ApiConflictResponse()
  @Post()
  create(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Body() budget: CreateBudget,
  ): Promise<Budget> {
    return this.changes.create(by, projectId, budget);
  }

  /** Lists the budgets of a project, oldest first. */
  @Get()
  list(@Param('projectId') projectId: string, @Query() page: PageQuery): Promise<BudgetPage> {
    return this.budgets.list(projectId, page);
  }

  /** Shows a budget. */
  @Get(':id')
  get(@Param('projectId') projectId: string, @Param('id') id: string): Promise<Budget> {
    return this.budgets.get(projectId, id);
  }

  /** Shows what is spent of a budget now: in all, or by each that has a limit of its own. */
  @Get(':id/spending')
  async spending(
    @Param('projectId') projectId: string,
    @Param('id') id: string,
    @Query() page: PageQuery,
  ): Promise<BudgetSpendingPage> {
    const budget = await this.budgets.get(projectId, id);
    const { data, next } = await this.budgets.spending(budget, page);
    return { data: data.map(spending => toSpending(budget, spending)), next };
  }

  /** Changes a budget, in force within a second. A new period, or new time zone, counts from its own beginning. */
  @Patch(':id')
  @Conditional()
  update(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Param('id') id: string,
    @Body() change: UpdateBudget,
  ): Promise<Budget> {
    return this.changes.update(by, projectId, id, change);
  }

  /** Deletes a budget, and what was counted for it. The calls stay in the ledger. */
  @Delete(':id')
  @HttpCode(204)
  @Conditional()
  delete(@By() by: Author, @Param('projectId') projectId: string, @Param('id') id: string): Promise<void> {
    return this.changes.delete(by, projectId, id);
  }
}
