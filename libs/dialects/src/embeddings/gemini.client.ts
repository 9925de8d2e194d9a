import { InvalidRequestError } from '@app/shared';
import type { TaskMeta } from '../domain/task.js';
import { isAbsent, isObject, listOr, recordOr, type Wire } from '../domain/wire.js';
import { at, invalid, optionalNumber, optionalText } from '../domain/fields.js';
import { asNumbers, embeddingClient } from './answer.writer.js';
import type { EmbeddingAnswer, EmbeddingClient, EmbeddingRequest } from './embedding.js';
import { readTaskType } from './purpose.js';

/** Google's `:batchEmbedContents`, as callers speak it. https://ai.google.dev/api/embeddings */
export const batchEmbedContentsClient: EmbeddingClient = {
  ...embeddingClient,
  isUsual: false,
  fieldNames: new Map([['dimensions', 'requests.outputDimensionality']]),
  readRequest: ({ requests }) => {
    if (!Array.isArray(requests) || requests.length === 0) {
      throw invalid(
        'requests',
        'a list of at least one request, such as {"content": {"parts": [{"text": "…"}]}}',
      );
    }
    return together(requests.map((request: unknown, index) => readOne(request, `requests[${index}]`)));
  },
  writeAnswer: ({ vectors }, _request, meta) => ({
    embeddings: vectors.map(vector => ({ values: asNumbers(vector) })),
    usageMetadata: usageMetadata(meta),
  }),
};

/** Google's `:embedContent`, for one text. */
export const embedContentClient: EmbeddingClient = {
  ...embeddingClient,
  isUsual: false,
  fieldNames: new Map([['dimensions', 'outputDimensionality']]),
  readRequest: body => together([readOne(body, '')]),
  writeAnswer: ({ vectors }: EmbeddingAnswer, _request, meta) => ({
    embedding: { values: asNumbers(vectors[0] ?? []) },
    usageMetadata: usageMetadata(meta),
  }),
};

interface EmbedContent {
  readonly path: string;
  readonly text: string;
  readonly title: string | undefined;
  readonly taskType: string | undefined;
  readonly dimensions: number | undefined;
}

function readOne(value: unknown, path: string): EmbedContent {
  if (!isObject(value)) {
    throw invalid(path, 'an object such as {"content": {"parts": [{"text": "…"}]}}');
  }
  const dimensions = optionalNumber(value, 'outputDimensionality', path);
  if (dimensions !== undefined && !(Number.isInteger(dimensions) && dimensions > 0)) {
    throw invalid(at(path, 'outputDimensionality'), 'a whole number from 1 upwards');
  }
  return {
    path,
    text: readText(value, at(path, 'content.parts')),
    title: optionalText(value, 'title', path),
    taskType: optionalText(value, 'taskType', path),
    dimensions,
  };
}

function readText({ content }: Wire, path: string): string {
  const parts = listOr(recordOr(content)['parts']);
  const texts = parts.map((part, index) => {
    const { text } = recordOr(part);
    if (typeof text !== 'string') {
      throw invalid(`${path}[${index}]`, 'a text: media are embedded by Google alone, at its own address');
    }
    return text;
  });
  if (texts.join('') === '') {
    throw new InvalidRequestError(`Send '${path}', a list of parts with text.`, path);
  }
  return texts.join('\n');
}

/** One call makes vectors of one kind. */
function together(requests: readonly EmbedContent[]): EmbeddingRequest {
  const [first] = requests;
  for (const field of ['taskType', 'dimensions'] as const) {
    const other = requests.find(request => request[field] !== first?.[field]);
    if (other) {
      const name = field === 'dimensions' ? 'outputDimensionality' : field;
      throw invalid(at(other.path, name), 'the same in all requests of a batch');
    }
  }
  const { taskType, dimensions } = first ?? {};
  const kind = taskType === undefined ? undefined : readTaskType(taskType);
  return {
    inputs: requests.map(({ text }) => text),
    format: 'float',
    ...(dimensions !== undefined && { dimensions }),
    ...(kind !== undefined && { purpose: { kind, field: 'taskType' } }),
    ...(requests.some(({ title }) => !isAbsent(title)) && { titles: requests.map(({ title }) => title) }),
    native: taskType === undefined || kind !== undefined ? {} : { taskType },
  };
}

function usageMetadata({ usage }: TaskMeta): Wire {
  return { promptTokenCount: usage.inputTokens, totalTokenCount: usage.inputTokens };
}
