export { IdempotencySweep } from './domain/expiry-sweep.js';
export { fingerprintOf } from './domain/fingerprint.js';
export { IDEMPOTENCY_KEY, TooLargeToCompareError } from './domain/idempotency.errors.js';
export { idempotencyKeyIn, recordIdOf } from './domain/idempotency-key.js';
export { IdempotentCalls } from './domain/idempotent-calls.service.js';
export type { AnswerHead } from './domain/kept-answer.entity.js';
export { KeptAnswerRepository } from './domain/kept-answer.repository.js';
export type { AnswerSource, Recording } from './domain/recording.js';
export { IdempotencyModule, KeptAnswersModule } from './idempotency.module.js';
