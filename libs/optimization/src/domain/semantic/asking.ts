import type { Call, SemanticUse } from '@app/shared';
import type { CachedAnswer } from '../cached-answer.entity.js';
import type { Question } from './question.js';
import type { Vector } from './question-index.js';

/** A question on its way. */
export interface Asking {
  readonly call: Call;
  readonly use: SemanticUse;
  readonly question: Question;
  /** Null until it is known. */
  vector: Vector | null;
  /** An answer that was found, and is not given: what the vendor says is compared with it. */
  unproven: CachedAnswer | null;
}
