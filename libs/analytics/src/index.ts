export { AnalyticsModule } from './analytics.module.js';
export { type MeteredRequest, meterOf, UsageInterceptor } from './api/usage.interceptor.js';
export { BackgroundMetering } from './domain/background-metering.js';
export { CallMeter, type Ending } from './domain/call-meter.js';
export { Metering } from './domain/metering.js';
export { type PastCall, PastCalls } from './domain/past-calls.js';
export { type Outcome, UsageRecord } from './domain/usage-record.entity.js';
export { UsageRecorder } from './domain/usage.recorder.js';
