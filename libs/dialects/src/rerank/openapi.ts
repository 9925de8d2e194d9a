import { llmhubSchema } from '../openai-chat/openapi.js';
import { anyObject, costSchema, integer, number, text } from '../openai-chat/openapi-messages.js';

const requestSchema = {
  type: 'object',
  required: ['model', 'query', 'documents'],
  additionalProperties: true,
  properties: {
    model: { type: 'string', description: '`vendor/model`, or a bare name that the gateway knows.' },
    query: text,
    documents: { type: 'array', minItems: 1, items: { oneOf: [text, anyObject] } },
    top_n: {
      type: 'integer',
      minimum: 1,
      description: 'How many of the best; all when left out. `top_k` is the same.',
    },
    return_documents: { type: 'boolean', default: false, description: 'Give the documents back, too.' },
  },
};

const responseSchema = {
  type: 'object',
  required: ['id', 'model', 'results'],
  properties: {
    id: text,
    object: { type: 'string', enum: ['list'] },
    model: text,
    results: {
      type: 'array',
      description: 'The best first.',
      items: {
        type: 'object',
        required: ['index', 'relevance_score'],
        properties: {
          index: { type: 'integer', description: 'Place of the document in the request.' },
          relevance_score: number,
          document: anyObject,
        },
      },
    },
    usage: {
      type: 'object',
      properties: { prompt_tokens: integer, total_tokens: integer, cost: costSchema },
    },
    meta: {
      type: 'object',
      description: 'Of vendors that bill by searches and not by tokens.',
      properties: { billed_units: { type: 'object', properties: { search_units: integer } } },
    },
    x_llmhub: llmhubSchema,
  },
};

const documents = ['Grass is green.', 'The sky is blue.'];

/** For `@ApiBody` and `@ApiResponse` of POST /v1/rerank. */
export const rerankOpenApi = {
  body: {
    schema: requestSchema,
    examples: {
      best: {
        summary: 'The best of two',
        value: { model: 'cohere/rerank-v3.5', query: 'What colour is the sky?', documents, top_n: 1 },
      },
      documents: {
        summary: 'With the documents, at Voyage',
        value: {
          model: 'voyage/rerank-2.5',
          query: 'What colour is the sky?',
          documents,
          return_documents: true,
        },
      },
    },
  },
  response: {
    status: 200,
    description: 'The documents by relevance.',
    content: {
      'application/json': {
        schema: responseSchema,
        examples: {
          best: {
            summary: 'The best of two',
            value: {
              id: '07734bd2',
              object: 'list',
              model: 'rerank-v3.5',
              results: [{ index: 1, relevance_score: 0.97 }],
              meta: { billed_units: { search_units: 1 } },
            },
          },
        },
      },
    },
  },
};
