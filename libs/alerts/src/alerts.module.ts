import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { AuditModule } from '@app/audit';
import { BudgetsModule } from '@app/budgets';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
import { RoutingModule } from '@app/routing';
import { AlertStorageModule } from './alert-storage.module.js';
import { AlertsController } from './api/alerts.controller.js';
import { AlertPost } from './domain/alert-post.js';
import { AlertReadings } from './domain/alert-readings.js';
import { AlertRounds } from './domain/alert-rounds.js';
import { AlertSender } from './domain/alert-sender.js';
import { AlertWatch } from './domain/alert-watch.js';
import { AlertsService } from './domain/alerts.service.js';
import { BudgetReadings } from './domain/budget-readings.js';
import { RecentEndings } from './domain/recent-endings.js';

@Module({
  imports: [
    AlertStorageModule,
    AuditModule,
    ProjectsModule,
    ProvidersModule,
    BudgetsModule,
    RoutingModule,
    AnalyticsModule,
  ],
  controllers: [AlertsController],
  providers: [
    AlertsService,
    AlertSender,
    AlertReadings,
    BudgetReadings,
    RecentEndings,
    AlertWatch,
    AlertPost,
    AlertRounds,
  ],
})
export class AlertsModule {}
