import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { ModelListing, VendorModel } from '../domain/model-list.js';

/** The largest page there is. */
const PAGE = 1000;

/** What the list promises, none of it certain. */
interface WirePage {
  readonly data?: readonly Partial<ModelInfo>[];
  readonly has_more?: boolean;
  readonly last_id?: string | null;
}

/** https://platform.claude.com/docs/en/api/models-list */
export const anthropicModels: ModelListing = {
  path: after => `/v1/models?limit=${PAGE}${after === null ? '' : `&after_id=${encodeURIComponent(after)}`}`,
  readPage: body => {
    const { data, has_more, last_id } = (body ?? {}) as WirePage;
    return Array.isArray(data)
      ? { models: data.flatMap(readModel), next: (has_more && last_id) || null }
      : null;
  },
};

function readModel(info: Partial<ModelInfo>): VendorModel[] {
  const { id, created_at, lifecycle, max_input_tokens } = info;
  if (typeof id !== 'string' || lifecycle === 'retired') {
    return [];
  }
  // An unknown date is written as the beginning of time.
  const created = Math.floor(Date.parse(created_at ?? '') / 1000);
  return [
    {
      id,
      ...(created > 0 && { created }),
      ownedBy: 'anthropic',
      ...(typeof max_input_tokens === 'number' && { contextTokens: max_input_tokens }),
    },
  ];
}
