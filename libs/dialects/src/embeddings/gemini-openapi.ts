import { integer, number, text } from '../openai-chat/openapi-messages.js';

const contentSchema = {
  type: 'object',
  required: ['parts'],
  properties: { parts: { type: 'array', items: { type: 'object', properties: { text } } } },
};
const requestSchema = {
  type: 'object',
  required: ['content'],
  properties: {
    content: contentSchema,
    taskType: {
      type: 'string',
      description: 'Such as `RETRIEVAL_QUERY`; other vendors get their word for it.',
    },
    title: text,
    outputDimensionality: integer,
  },
};
const embeddingSchema = { type: 'object', properties: { values: { type: 'array', items: number } } };
const usageMetadata = { type: 'object', properties: { promptTokenCount: integer, totalTokenCount: integer } };
const one = { content: { parts: [{ text: 'The sky is blue.' }] }, taskType: 'RETRIEVAL_DOCUMENT' };

/** For `@ApiParam`, `@ApiBody` and `@ApiResponse` of Google's embedding methods. */
export const embedContentOpenApi = {
  model: { name: 'model', type: String, example: 'google/gemini-embedding-001' },
  one: {
    body: { schema: requestSchema, examples: { one: { summary: 'One text', value: one } } },
    response: {
      status: 200,
      description: 'The vector.',
      content: {
        'application/json': {
          schema: { type: 'object', properties: { embedding: embeddingSchema, usageMetadata } },
        },
      },
    },
  },
  batch: {
    body: {
      schema: {
        type: 'object',
        required: ['requests'],
        properties: { requests: { type: 'array', minItems: 1, items: requestSchema } },
      },
      examples: { batch: { summary: 'A batch of one', value: { requests: [one] } } },
    },
    response: {
      status: 200,
      description: 'One vector for each request, in their order.',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { embeddings: { type: 'array', items: embeddingSchema }, usageMetadata },
          },
        },
      },
    },
  },
};
