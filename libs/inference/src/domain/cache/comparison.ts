import type { CachedAnswer, LikeAnswer, SemanticAsking, SemanticCache } from '@app/optimization';
import type { Route } from '@app/routing';
import type { CacheUse } from '@app/shared';
import { plainText } from './plain-text.js';
import type { AnswerKeeper } from './recording.js';

/** Of a question with those that were asked in other words. */
export class Comparison {
  constructor(
    private readonly semantic: SemanticCache,
    private readonly asking: SemanticAsking,
  ) {}

  /** Null when there is none to be given. */
  answer({ maxAgeMs }: CacheUse): Promise<LikeAnswer | null> {
    return this.semantic.find(this.asking, maxAgeMs);
  }

  /** Keeps the vendor's answer, with the question that it answers, and compares it with what was found and not given. */
  keeper(cache: AnswerKeeper, route: Route): AnswerKeeper {
    return {
      entryLimitBytes: cache.entryLimitBytes,
      keep: (answer, ttlMs) => {
        const isKept = cache.keep(answer, ttlMs);
        const text = isKept ? plainText(route, answer) : null;
        if (text !== null) {
          this.semantic.kept(this.asking, answer.callId, ttlMs);
          this.verify(route, { ...answer, text });
        }
        return isKept;
      },
    };
  }

  /** Its caller has the answer, and does not wait for this. Of two vendors of a policy, other words would say nothing of the questions. */
  private verify(
    route: Route,
    { vendor, dialect, text }: Pick<CachedAnswer, 'vendor' | 'dialect'> & { readonly text: string },
  ): void {
    const { unproven } = this.asking;
    const isOfOne = unproven?.vendor === vendor && unproven.dialect === dialect;
    const other = unproven && isOfOne ? plainText(route, unproven) : null;
    if (other !== null) {
      void this.semantic.verify(this.asking, [other, text]);
    }
  }
}
