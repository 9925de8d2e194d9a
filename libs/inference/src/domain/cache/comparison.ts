import type { AnswerCache, CachedAnswer, LikeAnswer, SemanticAsking, SemanticCache } from '@app/optimization';
import type { Route } from '@app/routing';
import type { CacheUse } from '@app/shared';
import { EVENT_STREAM, readVendorAnswer, readVendorEvents } from '../vendor-answer.js';

/** Of a question with those that were asked in other words. */
export class Comparison {
  constructor(
    private readonly semantic: SemanticCache,
    private readonly asking: SemanticAsking,
  ) {}

  /** Null when there is none to be given. Whoever wants the cache alone is not told what is only tried. */
  answer({ mode, maxAgeMs }: CacheUse): Promise<LikeAnswer | null> {
    return this.semantic.find(this.asking, maxAgeMs, mode !== 'only');
  }

  /** Keeps the vendor's answer, with the question that it answers, and compares it with what was found and not given. */
  keeper(cache: AnswerCache, route: Route): Pick<AnswerCache, 'entryLimitBytes' | 'keep'> {
    return {
      entryLimitBytes: cache.entryLimitBytes,
      keep: (answer, ttlMs) => {
        cache.keep(answer, ttlMs);
        this.semantic.kept(this.asking, ttlMs);
        const { unproven } = this.asking;
        if (unproven && isOfOne(unproven, answer)) {
          const texts = [textOf(route, unproven), textOf(route, answer)] as const;
          void this.semantic.verify(this.asking, texts); // its caller has the answer, and does not wait for this
        }
      },
    };
  }
}

type Written = Pick<CachedAnswer, 'vendor' | 'dialect' | 'contentType' | 'body'>;

/** Read in one way. Of two vendors of a policy, other words say nothing of the questions. */
function isOfOne(a: Written, b: Written): boolean {
  return a.vendor === b.vendor && a.dialect === b.dialect;
}

/** It was read before: only such answers are kept. */
function textOf(route: Route, { contentType, body }: Written): string {
  if (EVENT_STREAM.test(contentType)) {
    return readVendorEvents(route, body)
      .map(event => (event.kind === 'text' ? event.text : ''))
      .join('');
  }
  const parts = readVendorAnswer(route, body).choices.flatMap(choice => choice.parts);
  return parts.map(part => (part.kind === 'text' ? part.text : '')).join('');
}
