import { countTokens } from '../answering/tokens.js';
import type { ChatRequest } from '../chat-dialect.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asObject, asText } from '../json.js';
import { checkKey } from '../openai-chat/check-request.js';
import { errorBody } from '../openai-chat/errors.js';
import { require400 } from '../refusal.js';
import { words } from '../words.js';
import { checkModel, checkTexts, checkWhole, detailBody, refuseUnknown } from './checks.js';
import type { Task, TaskAnswer } from './serve-task.js';

const MOST_DOCUMENTS = 1000;
const DOCUMENTS_PER_SEARCH = 100;

interface Ranked {
  readonly index: number;
  readonly relevance_score: number;
}

/** Cohere's rerank v2: bills by searches, and gives no documents back. */
export const cohereRerank: Task = {
  vendor: 'cohere',
  check({ headers, body }) {
    checkKey(headers);
    checkModel(body);
    refuseUnknown(body, words('model query documents top_n max_tokens_per_doc priority'), 422);
    checkQuestion(body, 'top_n');
    checkTexts(body.documents, 'documents', MOST_DOCUMENTS);
  },
  answer({ body }, id) {
    const documents = textsOf(body);
    const searchUnits = Math.ceil(documents.length / DOCUMENTS_PER_SEARCH);
    return {
      ...common(body, documents),
      body: { id: `rerank-sim-${id}`, results: rank(body, documents, 'top_n') },
      usage: { meta: { api_version: { version: '2' }, billed_units: { search_units: searchUnits } } },
      sold: {},
    };
  },
  errorBody: ({ message }) => ({ message }),
};

/** Rerank as Voyage has it: `top_k`, and `data` for the results. */
export const voyageRerank: Task = {
  vendor: 'voyage',
  check({ headers, body }) {
    checkKey(headers);
    checkModel(body);
    refuseUnknown(body, words('model query documents top_k return_documents truncation'));
    checkQuestion(body, 'top_k');
    checkTexts(body.documents, 'documents', MOST_DOCUMENTS);
  },
  answer({ body }) {
    const documents = textsOf(body);
    const total = tokensIn(body, documents);
    return {
      ...common(body, documents),
      body: { object: 'list', data: rank(body, documents, 'top_k'), model: asText(body.model) },
      usage: { usage: { total_tokens: total } },
      sold: { input: total },
    };
  },
  errorBody: detailBody,
};

/** Rerank as Jina has it, and those that took it over. */
export const jinaRerank: Task = {
  vendor: 'jina',
  check({ headers, body }) {
    checkKey(headers);
    checkModel(body);
    checkQuestion(body, 'top_n');
    require400(asList(body.documents).length > 0, "'documents' must not be empty.", { param: 'documents' });
  },
  answer({ body }) {
    const documents = textsOf(body);
    const total = tokensIn(body, documents);
    const results = rank(body, documents, 'top_n').map(ranked => ({
      ...ranked,
      document: { text: documents[ranked.index] },
    }));
    return {
      ...common(body, documents),
      body: { object: 'list', model: asText(body.model), results },
      usage: { usage: { total_tokens: total } },
      sold: { input: total },
    };
  },
  errorBody,
};

function checkQuestion(body: JsonObject, topField: string): void {
  require400(asText(body.query) !== '', "'query' must be a text.", { param: 'query' });
  checkWhole(body, topField, MOST_DOCUMENTS);
}

function common(body: JsonObject, documents: readonly string[]): Pick<TaskAnswer, 'model' | 'texts'> {
  return { model: asText(body.model), texts: [asText(body.query), ...documents] };
}

function textsOf({ documents }: ChatRequest['body']): readonly string[] {
  return asList(documents).map(textOf);
}

function textOf(document: Json): string {
  return typeof document === 'string' ? document : asText(asObject(document).text);
}

/** The query is read anew with each document. */
function tokensIn({ query }: JsonObject, documents: readonly string[]): number {
  return documents.reduce((sum, document) => sum + countTokens(asText(query)) + countTokens(document), 0);
}

/** By the share of the query's words that a document has; the earlier one first where they are equal. */
function rank(body: JsonObject, documents: readonly string[], topField: string): readonly Ranked[] {
  const asked = wordsIn(asText(body.query));
  return documents
    .map((document, index) => {
      const own = new Set(wordsIn(document));
      const hits = asked.filter(word => own.has(word)).length;
      return { index, relevance_score: hits / Math.max(asked.length, 1) };
    })
    .toSorted((a, b) => b.relevance_score - a.relevance_score)
    .slice(0, Number(body[topField] ?? documents.length));
}

function wordsIn(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
