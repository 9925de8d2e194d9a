import path from 'node:path';
import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { BudgetStorageModule } from '@app/budgets';
import { PricingModule } from '@app/pricing';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
import { Config, LOGGER, type Logger, ProcessId, repository } from '@app/shared';
import { AnalyticsController } from './api/analytics.controller.js';
import { CallMetrics } from './api/call-metrics.js';
import { FeedController } from './api/feed.controller.js';
import { FeedDesk } from './api/feed.desk.js';
import { ForecastController } from './api/forecast.controller.js';
import { LedgerMetrics } from './api/ledger-metrics.js';
import { MetricsController } from './api/metrics.controller.js';
import { RepricingController } from './api/repricing.controller.js';
import { UsageController } from './api/usage.controller.js';
import { UsageExportController } from './api/usage-export.controller.js';
import { UsageInterceptor } from './api/usage.interceptor.js';
import { DecisionsModule } from './decisions.module.js';
import { BackgroundMetering } from './domain/background-metering.js';
import { FeedPost } from './domain/feed/feed-post.js';
import { SealedChannel } from './domain/feed/sealed-channel.js';
import { UsageFeed } from './domain/feed/usage-feed.js';
import { AnomalyWatch } from './domain/forecast/anomalies.service.js';
import { Forecasts } from './domain/forecast/forecasts.service.js';
import { LabelStock } from './domain/label-stock.js';
import { Ledger } from './domain/ledger.js';
import { Metering } from './domain/metering.js';
import { PastCalls } from './domain/past-calls.js';
import { CorrectionRepository } from './domain/corrections/correction.repository.js';
import { Repricing } from './domain/corrections/repricing.service.js';
import { Settling } from './domain/corrections/settling.service.js';
import { DayFolding } from './domain/rollups/day-folding.js';
import { RetentionSweep } from './domain/retention-sweep.js';
import { Retention } from './domain/retention.js';
import { RetentionController } from './api/retention.controller.js';
import { Reconciliation } from './domain/rollups/reconciliation.js';
import { RollupRepository } from './domain/rollups/rollup.repository.js';
import { LabelRollupRepository } from './domain/rollups/label-rollup.repository.js';
import { RollupReader } from './domain/rollups/rollup-reader.js';
import { UsageDayRepository } from './domain/rollups/usage-day.repository.js';
import { UsageSummaries } from './domain/rollups/usage-summaries.service.js';
import { UsageRecorder } from './domain/usage.recorder.js';
import { UsageRepository } from './domain/usage.repository.js';
import { UsageSpool } from './domain/usage-spool.js';
import { UsageStock } from './domain/usage-stock.js';
import { UsageService } from './domain/usage.service.js';
import { CorrectionSqlRepository } from './infrastructure/correction.sql.repository.js';
import { LabelRollupSqlRepository } from './infrastructure/label-rollup.sql.repository.js';
import { RollupSqlRepository } from './infrastructure/rollup.sql.repository.js';
import { FileUsageSpool } from './infrastructure/spool/file.usage-spool.js';
import { UsageDaySqlRepository } from './infrastructure/usage-day.sql.repository.js';
import { UsageSqlRepository } from './infrastructure/usage.sql.repository.js';

export const usageRepository = repository(UsageRepository, {
  sql: UsageSqlRepository,
  mongo: async () => (await import('./infrastructure/usage.mongo.repository.js')).UsageMongoRepository,
  deadlinesMs: { insertMany: 5000 }, // records are written behind the calls
});

export const correctionRepository = repository(CorrectionRepository, {
  sql: CorrectionSqlRepository,
  mongo: async () =>
    (await import('./infrastructure/correction.mongo.repository.js')).CorrectionMongoRepository,
});

export const rollupRepository = repository(RollupRepository, {
  sql: RollupSqlRepository,
  mongo: async () => (await import('./infrastructure/rollup.mongo.repository.js')).RollupMongoRepository,
  deadlinesMs: { sums: 10_000, times: 10_000, mend: 60_000, pack: 60_000, forgetSpools: 60_000 }, // no call waits for them
});

export const labelRollupRepository = repository(LabelRollupRepository, {
  sql: LabelRollupSqlRepository,
  mongo: async () =>
    (await import('./infrastructure/label-rollup.mongo.repository.js')).LabelRollupMongoRepository,
  deadlinesMs: { sums: 10_000, times: 10_000 },
});

export const usageDayRepository = repository(UsageDayRepository, {
  sql: UsageDaySqlRepository,
  mongo: async () => (await import('./infrastructure/usage-day.mongo.repository.js')).UsageDayMongoRepository,
  deadlinesMs: { sums: 10_000, times: 10_000, fold: 60_000 },
});

const usageSpool = {
  provide: UsageSpool,
  inject: [Config, LOGGER, ProcessId],
  useFactory: (config: Config, logger: Logger, { id: process }: ProcessId) => {
    const { dataDir, spoolLimitBytes: limit, spoolDurability: durability } = config;
    return new FileUsageSpool(path.join(dataDir, 'spool'), logger, { limit, durability, process });
  },
};

@Module({
  imports: [
    AuditModule,
    BudgetStorageModule,
    PricingModule,
    ProjectsModule,
    ProvidersModule,
    DecisionsModule,
  ],
  controllers: [
    UsageExportController,
    UsageController,
    AnalyticsController,
    ForecastController,
    FeedController,
    RepricingController,
    MetricsController,
    RetentionController,
  ],
  providers: [
    CallMetrics,
    LedgerMetrics,
    UsageService,
    RollupReader,
    UsageSummaries,
    Forecasts,
    AnomalyWatch,
    DayFolding,
    Reconciliation,
    LabelStock,
    UsageStock,
    Retention,
    RetentionSweep,
    Repricing,
    Settling,
    Ledger,
    UsageRecorder,
    SealedChannel,
    FeedPost,
    UsageFeed,
    FeedDesk,
    Metering,
    PastCalls,
    BackgroundMetering,
    UsageInterceptor,
    usageRepository,
    correctionRepository,
    rollupRepository,
    labelRollupRepository,
    usageDayRepository,
    usageSpool,
  ],
  exports: [
    FeedDesk,
    Metering,
    UsageSummaries,
    PastCalls,
    BackgroundMetering,
    UsageRecorder,
    UsageInterceptor,
  ],
})
export class AnalyticsModule {}
