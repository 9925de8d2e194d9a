import type { CachedAnswer } from './cached-answer.entity.js';
import type { StoredAnswersMeant } from './cached-answer.repository.js';

/** What the caches of gateways tell each other: which answers of a project are given no more. */
export type ForgottenAnswers = PurgedAnswers | ReplacedAnswer;

interface PurgedAnswers {
  readonly projectId: string;
  readonly purged: StoredAnswersMeant;
}

interface ReplacedAnswer {
  readonly projectId: string;
  /** The key by which the store has a newer one. */
  readonly replaced: string;
}

export function isMeant(answer: CachedAnswer, { model, namespace, keptBefore }: StoredAnswersMeant): boolean {
  return (
    (model === undefined || `${answer.vendor}/${answer.model}` === model) &&
    (namespace === undefined || answer.namespace === namespace) &&
    (keptBefore === undefined || answer.keptAt < keptBefore)
  );
}
