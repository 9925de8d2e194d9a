import { noAnswer } from '../domain/task-answer.js';
import type { EmbeddingAnswer, EmbeddingRequest } from './embedding.js';
import { isPackedVector } from './float32.js';

const NONE = 'no embeddings';

/**
 * The vectors of an answer, one for each input.
 *
 * @throws UpstreamError when one is missing, is no vector, or there are more
 */
export function readVectors(
  found: readonly unknown[],
  { inputs }: EmbeddingRequest,
  vendor: string,
): EmbeddingAnswer['vectors'] {
  if (found.length === 0) {
    throw noAnswer(vendor, NONE);
  }
  if (found.length !== inputs.length || !found.every(isVector)) {
    throw noAnswer(vendor, `not one vector for each of ${inputs.length} inputs`);
  }
  return found;
}

function isVector(value: unknown): value is readonly number[] | string {
  return typeof value === 'string'
    ? isPackedVector(value)
    : Array.isArray(value) && value.length > 0 && value.every(number => typeof number === 'number');
}
