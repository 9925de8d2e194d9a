import type { TaskMeta } from '../domain/task.js';
import type { EmbeddingAnswer, EmbeddingClient, EmbeddingRequest } from './embedding.js';
import { packVector, unpackVector } from './float32.js';
import { readEmbeddingRequest } from './request.reader.js';

/** OpenAI's embeddings, as callers of POST /v1/embeddings speak them. */
export const embeddingClient: EmbeddingClient = {
  name: 'embeddings',
  isUsual: true,
  defaultModel: null,
  readRequest: readEmbeddingRequest,
  writeAnswer,
  charactersIn: ({ inputs }) => inputs.reduce((sum, input) => sum + lengthOf(input), 0),
};

/** Tokens count as the four characters that one is taken for. */
function lengthOf(input: string | readonly number[]): number {
  return typeof input === 'string' ? input.length : input.length * 4;
}

function writeAnswer(
  { model, vectors }: EmbeddingAnswer,
  { format }: EmbeddingRequest,
  meta: TaskMeta,
): Record<string, unknown> {
  const { inputTokens, outputTokens } = meta.usage;
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: inFormat(vector, format),
    })),
    model: model || meta.model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens + outputTokens },
  };
}

function inFormat(
  vector: readonly number[] | string,
  format: EmbeddingRequest['format'],
): readonly number[] | string {
  if (format === 'float') {
    return asNumbers(vector);
  }
  return typeof vector === 'string' ? vector : packVector(vector);
}

/** The numbers of a vector, packed or not. */
export function asNumbers(vector: readonly number[] | string): readonly number[] {
  return typeof vector === 'string' ? (unpackVector(vector) ?? []) : vector;
}
