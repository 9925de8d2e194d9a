import { answerObject, readBilledUnits } from '../domain/task-answer.js';
import { ownFields, reportForeign } from '../domain/task-fields.js';
import { listOr, recordOr, stringOr, withoutUndefined } from '../domain/wire.js';
import type { EmbeddingVendor } from './embedding.js';
import { COHERE_PURPOSES, PURPOSE_FIELD, writePurpose } from './purpose.js';
import { dropTitles, onlyTexts } from './texts.js';
import { readVectors } from './vectors.reader.js';

/** Cohere's own, which a caller may send along with OpenAI's. */
const OWN: ReadonlySet<string> = new Set(['max_tokens', 'priority', 'truncate']);
const OWN_OR_PURPOSE: ReadonlySet<string> = new Set([...OWN, PURPOSE_FIELD]);
/** Cohere's models from version 3 on insist on a purpose. Searching documents is what most vectors are for. */
const USUAL_PURPOSE = 'search_document';

/** Cohere's own API stands beside the one for OpenAI's clients. */
export const cohereAddress = (baseUrl: string): string => baseUrl.replace(/\/compatibility\/v1$/, '');

/**
 * Cohere's embed v2, since its endpoint for OpenAI's clients knows neither `dimensions` nor a purpose.
 * https://docs.cohere.com/reference/embed
 */
export const cohereEmbeddings: EmbeddingVendor = {
  path: () => '/v2/embed',
  address: cohereAddress,
  fitsAsIs: () => false,
  writeRequest(request, { model, vendor }, losses) {
    reportForeign(request, OWN_OR_PURPOSE, vendor, losses);
    dropTitles(request, vendor, losses);
    return withoutUndefined({
      ...ownFields(request, OWN),
      model,
      texts: onlyTexts(request, vendor, losses),
      input_type: writePurpose(request, COHERE_PURPOSES, losses) ?? USUAL_PURPOSE,
      embedding_types: ['float'],
      output_dimension: request.dimensions,
    });
  },
  readAnswer(body, request, { vendor }) {
    const answer = answerObject(body, vendor, 'no embeddings');
    return {
      id: stringOr(answer['id'], ''),
      model: '',
      vectors: readVectors(listOr(recordOr(answer['embeddings'])['float']), request, vendor),
      usage: readBilledUnits(answer['meta']),
      fitsCaller: false,
    };
  },
};
