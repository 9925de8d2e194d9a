import { Module } from '@nestjs/common';
import { repository } from '@app/shared';
import { AlertStateRepository } from './domain/alert-state.repository.js';
import { AlertRepository } from './domain/alert.repository.js';
import { KeptAlerts } from './domain/kept-alerts.js';
import { AlertStateSqlRepository } from './infrastructure/alert-state.sql.repository.js';
import { AlertSqlRepository } from './infrastructure/alert.sql.repository.js';

export const alertRepository = repository(AlertRepository, {
  sql: AlertSqlRepository,
  mongo: async () => (await import('./infrastructure/alert.mongo.repository.js')).AlertMongoRepository,
});
export const alertStateRepository = repository(AlertStateRepository, {
  sql: AlertStateSqlRepository,
  mongo: async () =>
    (await import('./infrastructure/alert-state.mongo.repository.js')).AlertStateMongoRepository,
});

/** What is kept of alerts: enough to delete a project's from the command line, and to seal them anew. */
@Module({
  providers: [KeptAlerts, alertRepository, alertStateRepository],
  exports: [KeptAlerts, alertRepository, alertStateRepository],
})
export class AlertStorageModule {}
