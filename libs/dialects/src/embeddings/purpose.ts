import type { Losses } from '../domain/losses.js';
import type { EmbeddingRequest, Purpose } from './embedding.js';
import { entryOf } from '../domain/wire.js';

/** The field that callers say the purpose with, as at Cohere, Voyage and NVIDIA. */
export const PURPOSE_FIELD = 'input_type';

/** What vendors call a purpose; a caller may use any of these words. */
const WORDS: Readonly<Record<string, Purpose>> = {
  query: 'query',
  search_query: 'query',
  document: 'document',
  search_document: 'document',
  passage: 'document',
  classification: 'classification',
  clustering: 'clustering',
};

/** A vendor's words for the purposes that it knows. */
export type PurposeWords = Readonly<Partial<Record<Purpose, string>>>;

export const COHERE_PURPOSES: PurposeWords = {
  query: 'search_query',
  document: 'search_document',
  classification: 'classification',
  clustering: 'clustering',
};
export const GEMINI_PURPOSES: PurposeWords = {
  query: 'RETRIEVAL_QUERY',
  document: 'RETRIEVAL_DOCUMENT',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
};

/** Google's word as ours; undefined for one that only Google has. */
export function readTaskType(taskType: string): Purpose | undefined {
  return Object.entries(GEMINI_PURPOSES).find(([, word]) => word === taskType)?.[0] as Purpose | undefined;
}

/** Undefined for a word that no two vendors share: it stays the vendor's own. */
export function readPurpose(value: unknown): Purpose | undefined {
  return entryOf(WORDS, value);
}

/** The vendor's word for what the caller wants the vectors for; undefined when the caller does not say. */
export function writePurpose(
  { purpose, native }: EmbeddingRequest,
  words: PurposeWords,
  losses: Losses,
): string | undefined {
  if (!purpose) {
    const said = native[PURPOSE_FIELD];
    return typeof said === 'string' ? said : undefined;
  }
  const word = words[purpose.kind];
  if (word === undefined) {
    losses.dropped(purpose.field, `The vendor makes no vectors of their own for '${purpose.kind}'.`);
  }
  return word;
}
