import type { ModelListing, VendorModel } from '../domain/model-list.js';
import { isObject, objectsAt, textAt, type Wire } from '../domain/wire.js';

/** Names under which vendors tell the context window: OpenRouter and Together, Groq, Mistral, vLLM. */
const CONTEXT_FIELDS = ['context_length', 'context_window', 'max_context_length', 'max_model_len'] as const;

/** https://platform.openai.com/docs/api-reference/models/list. One page; Together sends the bare list. */
export const openAiModels: ModelListing = {
  path: () => '/models',
  readPage: body => {
    const entries = Array.isArray(body) ? body.filter(isObject) : listIn(body);
    return entries && { models: entries.flatMap(entry => readModel(entry) ?? []), next: null };
  },
};

function listIn(body: unknown): readonly Wire[] | null {
  return isObject(body) && Array.isArray(body['data']) ? objectsAt(body, 'data') : null;
}

function readModel(entry: Wire): VendorModel | null {
  const id = textAt(entry, 'id');
  const { created } = entry;
  const ownedBy = textAt(entry, 'owned_by');
  const context = CONTEXT_FIELDS.map(field => entry[field]).find(isCount);
  return id === ''
    ? null
    : {
        id,
        ...(isCount(created) && { created: Math.floor(created) }),
        ...(ownedBy !== '' && { ownedBy }),
        ...(context !== undefined && { contextTokens: context }),
      };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
