import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { ProjectsModule } from '@app/projects';
import { AllBudgetsController } from './api/all-budgets.controller.js';
import { BudgetsController } from './api/budgets.controller.js';
import { KeyController } from './api/key.controller.js';
import { BudgetStorageModule } from './budget-storage.module.js';
import { BudgetChanges } from './domain/budget-changes.service.js';
import { BudgetLeases } from './domain/budget-leases.js';
import { BudgetStandings } from './domain/budget-standings.js';
import { BudgetRounds } from './domain/budget-rounds.js';
import { BudgetsService } from './domain/budgets.service.js';
import { KeyStandings } from './domain/key-standing.service.js';
import { Reservations } from './domain/reservations.js';

@Module({
  imports: [AuditModule, ProjectsModule, BudgetStorageModule],
  controllers: [AllBudgetsController, BudgetsController, KeyController],
  providers: [
    KeyStandings,
    BudgetChanges,
    BudgetLeases,
    BudgetRounds,
    BudgetStandings,
    BudgetsService,
    Reservations,
  ],
  exports: [BudgetStandings, Reservations],
})
export class BudgetsModule {}
