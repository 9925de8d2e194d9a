import type { ModelListing, VendorModel } from '../domain/model-list.js';

/** The largest page there is. */
const PAGE = 1000;

/** What the list promises, none of it certain. */
interface WirePage {
  readonly models?: readonly { readonly name?: string; readonly inputTokenLimit?: number }[];
  readonly nextPageToken?: string;
}

/** https://ai.google.dev/api/models#method:-models.list */
export const geminiModels: ModelListing = {
  path: after =>
    `/v1beta/models?pageSize=${PAGE}${after === null ? '' : `&pageToken=${encodeURIComponent(after)}`}`,
  readPage: body => {
    const { models, nextPageToken } = (body ?? {}) as WirePage;
    return Array.isArray(models) ? { models: models.flatMap(readModel), next: nextPageToken || null } : null;
  },
};

function readModel({ name, inputTokenLimit }: NonNullable<WirePage['models']>[number]): VendorModel[] {
  return typeof name === 'string'
    ? [
        {
          id: name.replace(/^models\//, ''),
          ownedBy: 'google',
          ...(typeof inputTokenLimit === 'number' && { contextTokens: inputTokenLimit }),
        },
      ]
    : [];
}
