export { AuditModule } from './audit.module.js';
export { AuditTrail, type Change } from './domain/audit-trail.service.js';
export { changeRecord, onLatest, orStale } from './domain/change-record.js';
