export { AlertStorageModule } from './alert-storage.module.js';
export { AlertsModule } from './alerts.module.js';
export { AlertRepository } from './domain/alert.repository.js';
export { KeptAlerts } from './domain/kept-alerts.js';
