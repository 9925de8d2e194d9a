import { pageSize, positionOf, type Query } from './model-page.js';
import type { OfferedModel } from './offered-model.entity.js';

type Json = Record<string, unknown>;

const PAGE = 50;
const METHODS = ['generateContent', 'streamGenerateContent', 'countTokens'];

/** The list in Google's shape, page by page. https://ai.google.dev/api/models#method:-models.list */
export function geminiModelPage(models: readonly OfferedModel[], query: Query): Json {
  const size = pageSize(query, 'pageSize', PAGE);
  const { pageToken } = query;
  const from =
    pageToken === undefined || pageToken === '' ? 0 : positionOf(idOf(pageToken), 'pageToken', models) + 1;
  const page = models.slice(from, from + size);
  const last = page.at(-1);
  return {
    models: page.map(geminiModel),
    ...(last && from + size < models.length && { nextPageToken: Buffer.from(last.id).toString('base64url') }),
  };
}

/** A token is the id of the last model that was shown. */
function idOf(token: unknown): string {
  return Buffer.from(String(token), 'base64url').toString();
}

/** One model in Google's shape, with its price besides. */
export function geminiModel(model: OfferedModel): Json {
  const { id, context_length, max_output_tokens, pricing } = model;
  const { reasoning } = model.capabilities;
  return {
    name: `models/${id}`,
    displayName: id,
    ...(context_length !== null && { inputTokenLimit: context_length }),
    ...(max_output_tokens !== null && { outputTokenLimit: max_output_tokens }),
    supportedGenerationMethods: METHODS,
    ...(reasoning !== null && { thinking: reasoning !== 'none' }),
    pricing,
  };
}
