export { CallerSocket, type OpenedSocket } from './domain/caller-socket.js';
export { NoUpgradeError } from './domain/realtime.errors.js';
export { RealtimeService } from './domain/realtime.service.js';
export { RealtimeModule } from './realtime.module.js';
