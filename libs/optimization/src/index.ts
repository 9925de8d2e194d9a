export { AnswerCache, type AnswersMeant } from './domain/answer-cache.service.js';
export { CachedAnswer } from './domain/cached-answer.entity.js';
export type { KeyParts } from './domain/request-key.js';
export { OptimizationModule } from './optimization.module.js';
