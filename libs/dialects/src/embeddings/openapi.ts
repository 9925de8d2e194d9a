import { llmhubSchema } from '../openai-chat/openapi.js';
import { costSchema, integer, number, text } from '../openai-chat/openapi-messages.js';

const requestSchema = {
  type: 'object',
  required: ['model', 'input'],
  additionalProperties: true,
  properties: {
    model: { type: 'string', description: '`vendor/model`, or a bare name that the gateway knows.' },
    input: {
      description:
        'A text, or up to 2048 of them. Texts as tokens go only to vendors that share OpenAI’s tokenizers.',
      oneOf: [
        text,
        { type: 'array', items: text },
        { type: 'array', items: integer },
        { type: 'array', items: { type: 'array', items: integer } },
      ],
    },
    dimensions: {
      type: 'integer',
      minimum: 1,
      description: 'Numbers in each vector, where the model can choose.',
    },
    encoding_format: {
      type: 'string',
      enum: ['float', 'base64'],
      default: 'float',
      description: '`base64`: little-endian 32-bit floats, packed by the gateway where the vendor cannot.',
    },
    input_type: {
      type: 'string',
      description:
        'What the vectors are for, where vendors make different ones: `query`, `document`, `classification` or ' +
        '`clustering`; the vendor gets its own word for it.',
    },
    user: { type: 'string', description: 'End-user id for abuse checks.' },
  },
};

const responseSchema = {
  type: 'object',
  required: ['object', 'data', 'model', 'usage'],
  properties: {
    object: { type: 'string', enum: ['list'] },
    data: {
      type: 'array',
      description: 'In the order of the input.',
      items: {
        type: 'object',
        required: ['object', 'index', 'embedding'],
        properties: {
          object: { type: 'string', enum: ['embedding'] },
          index: integer,
          embedding: { oneOf: [{ type: 'array', items: number }, text] },
        },
      },
    },
    model: text,
    usage: {
      type: 'object',
      properties: { prompt_tokens: integer, total_tokens: integer, cost: costSchema },
    },
    x_llmhub: llmhubSchema,
  },
};

const requestExamples = {
  one: {
    summary: 'One text',
    value: { model: 'openai/text-embedding-3-small', input: 'The sky is blue.' },
  },
  many: {
    summary: 'Several texts, shorter vectors, for a search',
    value: {
      model: 'google/gemini-embedding-001',
      input: ['The sky is blue.', 'Grass is green.'],
      dimensions: 256,
      input_type: 'document',
    },
  },
};

const responseExamples = {
  one: {
    summary: 'A vector of three numbers',
    value: {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.0123, -0.0456, 0.0789] }],
      model: 'text-embedding-3-small',
      usage: { prompt_tokens: 5, total_tokens: 5, cost: 0.0000001 },
    },
  },
};

/** For `@ApiBody` and `@ApiResponse` of POST /v1/embeddings. */
export const embeddingsOpenApi = {
  body: { schema: requestSchema, examples: requestExamples },
  response: {
    status: 200,
    description: 'One vector for each input.',
    content: { 'application/json': { schema: responseSchema, examples: responseExamples } },
  },
};
