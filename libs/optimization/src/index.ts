export { AnswerStorageModule } from './answer-storage.module.js';
export { AnswerCache, type AnswersMeant } from './domain/answer-cache.service.js';
export { CachedAnswer } from './domain/cached-answer.entity.js';
export { CachedAnswerRepository } from './domain/cached-answer.repository.js';
export { CachedAnswerSweep } from './domain/expiry-sweep.js';
export type { KeyParts } from './domain/request-key.js';
export {
  type PassContext,
  type PassedPrompt,
  PromptPasses,
  type PromptTrail,
} from './domain/passes/prompt-passes.service.js';
export { savedByPasses, type Savings, savingsOf } from './domain/passes/savings.js';
export { OptimizationModule } from './optimization.module.js';
