import { Module } from '@nestjs/common';
import { repository } from '@app/shared';
import { AuditController } from './api/audit.controller.js';
import { AuditTrail } from './domain/audit-trail.service.js';
import { AuditRepository } from './domain/audit.repository.js';
import { AuditSqlRepository } from './infrastructure/audit.sql.repository.js';

export const auditRepository = repository(AuditRepository, {
  sql: AuditSqlRepository,
  mongo: async () => (await import('./infrastructure/audit.mongo.repository.js')).AuditMongoRepository,
});

@Module({
  controllers: [AuditController],
  providers: [AuditTrail, auditRepository],
  exports: [AuditTrail],
})
export class AuditModule {}
