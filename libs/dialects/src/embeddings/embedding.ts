import type { TaskAnswer, TaskClient, TaskRequest, TaskVendor } from '../domain/task.js';

/** What is to become vectors, in no vendor's words. */
export interface EmbeddingRequest extends TaskRequest {
  /** Texts, or tokens of an OpenAI tokenizer, in the order of the answer. */
  readonly inputs: readonly (string | readonly number[])[];
  /** Numbers in each vector; absent = as many as the model makes. */
  readonly dimensions?: number;
  /** How the caller wants each vector: a list of numbers, or packed 32-bit floats. */
  readonly format: 'float' | 'base64';
  /** What the vectors are for, where vendors make different ones. */
  readonly purpose?: StatedPurpose;
  /** Title of each input, for vendors that read it with a document. */
  readonly titles?: readonly (string | undefined)[];
  /** End-user id for the vendor's abuse checks. */
  readonly user?: string;
}

export interface StatedPurpose {
  readonly kind: Purpose;
  /** The caller's field that says it, for warnings. */
  readonly field: string;
}

export type Purpose = 'query' | 'document' | 'classification' | 'clustering';

export interface EmbeddingAnswer extends TaskAnswer {
  /** In the order of the inputs; a text is a packed vector. */
  readonly vectors: readonly (readonly number[] | string)[];
}

export type EmbeddingClient = TaskClient<EmbeddingRequest, EmbeddingAnswer>;
export type EmbeddingVendor = TaskVendor<EmbeddingRequest, EmbeddingAnswer>;
