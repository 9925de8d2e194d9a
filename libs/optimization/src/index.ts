export { AnswerStorageModule } from './answer-storage.module.js';
export { AnswerCache, type AnswersMeant } from './domain/answer-cache.service.js';
export { CachedAnswer, type CachedRefusal } from './domain/cached-answer.entity.js';
export { CachedAnswerRepository } from './domain/cached-answer.repository.js';
export type { ForgottenAnswers } from './domain/forgotten-answers.js';
export { FairMemory } from './domain/fair-memory.js';
export { CachedAnswerSweep } from './domain/expiry-sweep.js';
export type { KeyParts } from './domain/request-key.js';
export {
  type PassContext,
  type PassedPrompt,
  PromptPasses,
  type PromptTrail,
} from './domain/passes/prompt-passes.service.js';
export { savedByPasses, type Savings, savingsOf } from './domain/passes/savings.js';
export type { Asking as SemanticAsking } from './domain/semantic/asking.js';
export { type Embedded, Embedder } from './domain/semantic/embedder.js';
export { QuestionIndex, unitVector } from './domain/semantic/question-index.js';
export { QuestionVectors } from './domain/semantic/question-vectors.js';
export { type LikeAnswer, SemanticCache } from './domain/semantic/semantic-cache.service.js';
export { OptimizationModule } from './optimization.module.js';
