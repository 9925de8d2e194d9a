import { InvalidRequestError } from '@app/shared';
import { isAbsent, leftover, type Wire } from '../domain/wire.js';
import { invalid, optionalNumber, optionalText } from '../domain/fields.js';
import type { EmbeddingRequest } from './embedding.js';
import { PURPOSE_FIELD, readPurpose } from './purpose.js';

const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'input',
  'dimensions',
  'encoding_format',
  'title',
  'user',
]);
const INPUT = "a text, a list of texts, or a text's tokens as a list of whole numbers";
/** What OpenAI takes in one call. */
const MOST_INPUTS = 2048;

/**
 * Reads the body of POST /v1/embeddings. Source: https://platform.openai.com/docs/api-reference/embeddings/create
 *
 * @throws InvalidRequestError (400) naming the bad field
 */
export function readEmbeddingRequest(body: Wire): EmbeddingRequest {
  const purpose = readPurpose(body[PURPOSE_FIELD]);
  const dimensions = optionalNumber(body, 'dimensions', '');
  if (dimensions !== undefined && !(Number.isInteger(dimensions) && dimensions > 0)) {
    throw invalid('dimensions', 'a whole number from 1 upwards');
  }
  const user = optionalText(body, 'user', '');
  const title = optionalText(body, 'title', '');
  const inputs = readInputs(body['input']);
  return {
    inputs,
    format: readFormat(body['encoding_format']),
    ...(dimensions !== undefined && { dimensions }),
    ...(purpose !== undefined && { purpose: { kind: purpose, field: PURPOSE_FIELD } }),
    ...(user !== undefined && { user }),
    ...(title !== undefined && { titles: inputs.map(() => title) }),
    native: leftover(body, KNOWN) ?? {},
  };
}

function readInputs(input: unknown): EmbeddingRequest['inputs'] {
  if (isAbsent(input)) {
    throw new InvalidRequestError(`Send 'input': ${INPUT}.`, 'input');
  }
  const list = typeof input === 'string' || isTokens(input) ? [input] : input;
  if (!Array.isArray(list) || list.length === 0) {
    throw invalid('input', INPUT);
  }
  if (list.length > MOST_INPUTS) {
    throw new InvalidRequestError(`'input' may have ${MOST_INPUTS} entries. Send several requests.`, 'input');
  }
  const kind = typeof list[0];
  return list.map((entry: unknown, index) => {
    if ((typeof entry !== 'string' && !isTokens(entry)) || typeof entry !== kind) {
      throw invalid(`input[${index}]`, kind === 'string' ? 'a text' : 'a list of whole numbers');
    }
    if (entry.length === 0) {
      throw invalid(list === input ? `input[${index}]` : 'input', 'at least one character or token');
    }
    return entry;
  });
}

function isTokens(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(token => typeof token === 'number' && Number.isInteger(token) && token >= 0)
  );
}

function readFormat(value: unknown): EmbeddingRequest['format'] {
  if (isAbsent(value)) {
    return 'float';
  }
  if (value !== 'float' && value !== 'base64') {
    throw invalid('encoding_format', "'float' or 'base64'");
  }
  return value;
}
