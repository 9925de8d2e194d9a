import type { TaskMeta } from '../domain/task.js';
import type { RankedDocument, RerankAnswer, RerankClient, RerankRequest } from './rerank.js';
import { readRerankRequest } from './request.reader.js';

/** Rerank as Cohere and Jina shape it, which callers of POST /v1/rerank speak. */
export const rerankClient: RerankClient = {
  name: 'rerank',
  isUsual: true,
  defaultModel: null,
  readRequest: readRerankRequest,
  writeAnswer,
  charactersIn,
};

/** A reranker reads the query anew with every document. */
function charactersIn({ query, documents }: RerankRequest): number {
  return documents.reduce<number>((sum, document) => sum + query.length + textOf(document).length, 0);
}

function writeAnswer(
  { id, model, results, usage }: RerankAnswer,
  request: RerankRequest,
  meta: TaskMeta,
): Record<string, unknown> {
  const units = usage?.searchUnits;
  const tokens = meta.usage.inputTokens;
  return {
    id: id || meta.requestId,
    object: 'list',
    model: model || meta.model,
    results: results.map(result => writeResult(result, request)),
    ...(units === undefined
      ? { usage: { prompt_tokens: tokens, total_tokens: tokens } }
      : { meta: { billed_units: { search_units: units } } }),
  };
}

/** Not all vendors give documents back; the gateway has them anyway. */
function writeResult(
  { index, score }: RankedDocument,
  { documents, withDocuments }: RerankRequest,
): Record<string, unknown> {
  const document = documents[index];
  return {
    index,
    relevance_score: score,
    ...(withDocuments && { document: typeof document === 'string' ? { text: document } : document }),
  };
}

/** What there is to read in a document: a text, or the texts of an object. */
export function textOf(document: RerankRequest['documents'][number]): string {
  if (typeof document === 'string') {
    return document;
  }
  return typeof document['text'] === 'string' ? document['text'] : JSON.stringify(document);
}
