import type { Losses } from '../domain/losses.js';
import type { TaskTarget } from '../domain/task.js';
import { answerObject, noAnswer, readBilledUnits, readTaskUsage } from '../domain/task-answer.js';
import { isObject, listOr, recordOr, stringOr, type Wire, withoutUndefined } from '../domain/wire.js';
import { textOf } from './answer.writer.js';
import type { RankedDocument, RerankAnswer, RerankRequest, RerankVendor } from './rerank.js';

/** What a vendor of rerank does differently; data, so that a vendor needs no code. */
export interface RerankQuirks {
  /** Below the base URL, where it is not `/rerank`. */
  readonly path?: string;
  /** What the path is below, by the vendor's base URL, where that is not it. */
  readonly address?: (baseUrl: string) => string;
  /** Its name of `top_n`. */
  readonly topField?: 'top_k';
  /** It takes texts only; of an object the text is sent. */
  readonly textsOnly?: boolean;
}

/**
 * Rerank as Cohere began it and Jina, Voyage, Together and vLLM took it over, with small differences. Documents are never
 * asked back: the gateway puts those of the request into the answer.
 */
export class CompatibleRerank implements RerankVendor {
  constructor(private readonly quirks: RerankQuirks = {}) {}

  address(baseUrl: string): string {
    return this.quirks.address?.(baseUrl) ?? baseUrl;
  }

  path(): string {
    return this.quirks.path ?? '/rerank';
  }

  fitsAsIs(): boolean {
    return false;
  }

  writeRequest({ query, documents, top, native }: RerankRequest, target: TaskTarget, losses: Losses): Wire {
    const { topField = 'top_n', textsOnly } = this.quirks;
    if (textsOnly && documents.some(hasMoreThanText)) {
      losses.approximated(
        'documents',
        `'${target.vendor}' reads texts only: what else they hold is left out.`,
      );
    }
    return withoutUndefined({
      ...native,
      model: target.model,
      query,
      documents: textsOnly ? documents.map(textOf) : documents,
      [topField]: top,
    });
  }

  readAnswer(body: unknown, { documents }: RerankRequest, { vendor }: TaskTarget): RerankAnswer {
    const answer = answerObject(body, vendor, 'no ranking');
    const results = listOr(answer['results'] ?? answer['data']).map(result => {
      if (!isRanked(result, documents.length)) {
        throw noAnswer(vendor, 'no ranking of the documents');
      }
      return { index: result.index, score: result.relevance_score };
    });
    if (results.length === 0) {
      throw noAnswer(vendor, 'no ranking');
    }
    return {
      id: stringOr(answer['id'], ''),
      model: stringOr(answer['model'], ''),
      results: results.toSorted(byScore),
      usage: readTaskUsage(answer['usage']) ?? readBilledUnits(answer['meta']),
      fitsCaller: false,
    };
  }
}

interface RankedWire {
  readonly index: number;
  readonly relevance_score: number;
}

function isRanked(value: unknown, documents: number): value is RankedWire {
  const { index, relevance_score: score } = recordOr(value);
  return (
    typeof index === 'number' &&
    Number.isInteger(index) &&
    index >= 0 &&
    index < documents &&
    typeof score === 'number'
  );
}

function byScore(a: RankedDocument, b: RankedDocument): number {
  return b.score - a.score;
}

function hasMoreThanText(document: RerankRequest['documents'][number]): boolean {
  return isObject(document) && Object.keys(document).some(key => key !== 'text');
}
