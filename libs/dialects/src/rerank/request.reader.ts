import { isObject, leftover, type Wire } from '../domain/wire.js';
import { invalid, optionalFlag, optionalNumber } from '../domain/fields.js';
import type { RerankRequest } from './rerank.js';

const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'query',
  'documents',
  'top_n',
  'top_k',
  'return_documents',
]);

/**
 * Reads the body of POST /v1/rerank: Cohere's and Jina's fields, and Voyage's `top_k` for `top_n`.
 * Source: https://docs.cohere.com/reference/rerank, https://docs.voyageai.com/reference/reranker-api
 *
 * @throws InvalidRequestError (400) naming the bad field
 */
export function readRerankRequest(body: Wire): RerankRequest {
  const { query, documents } = body;
  if (typeof query !== 'string' || query === '') {
    throw invalid('query', 'a text to compare the documents with');
  }
  if (!Array.isArray(documents) || documents.length === 0) {
    throw invalid('documents', 'a list of at least one text');
  }
  const top = readTop(body, 'top_n') ?? readTop(body, 'top_k');
  return {
    query,
    documents: documents.map((document: unknown, index) => {
      if (typeof document !== 'string' && !isObject(document)) {
        throw invalid(`documents[${index}]`, 'a text, or an object such as {"text": "…"}');
      }
      return document;
    }),
    ...(top !== undefined && { top }),
    withDocuments: optionalFlag(body, 'return_documents', '') ?? false,
    native: leftover(body, KNOWN) ?? {},
  };
}

function readTop(body: Wire, field: string): number | undefined {
  const top = optionalNumber(body, field, '');
  if (top !== undefined && !(Number.isInteger(top) && top > 0)) {
    throw invalid(field, 'a whole number from 1 upwards');
  }
  return top;
}
