import { llmhubSchema } from '../openai-chat/openapi.js';
import { anyObject, flag, number, text } from '../openai-chat/openapi-messages.js';

const requestSchema = {
  type: 'object',
  required: ['input'],
  additionalProperties: true,
  properties: {
    model: {
      type: 'string',
      default: 'omni-moderation-latest',
      description: '`vendor/model` or a bare name.',
    },
    input: {
      description:
        'Each text of a list is judged apart; the parts of a list (texts, images) are judged together.',
      oneOf: [text, { type: 'array', items: text }, { type: 'array', items: anyObject }],
    },
  },
};

const responseSchema = {
  type: 'object',
  required: ['id', 'model', 'results'],
  properties: {
    id: text,
    model: text,
    results: {
      type: 'array',
      items: {
        type: 'object',
        required: ['flagged', 'categories', 'category_scores'],
        properties: {
          flagged: { type: 'boolean', description: 'Some category applies.' },
          categories: {
            type: 'object',
            description: 'The vendor’s own, and OpenAI’s names of those that mean the same.',
            additionalProperties: flag,
          },
          category_scores: { type: 'object', additionalProperties: number },
        },
      },
    },
    x_llmhub: llmhubSchema,
  },
};

const verdict = {
  flagged: false,
  categories: { hate: false, violence: false },
  category_scores: { hate: 0.0001, violence: 0.0002 },
};

/** For `@ApiBody` and `@ApiResponse` of POST /v1/moderations. */
export const moderationOpenApi = {
  body: {
    schema: requestSchema,
    examples: {
      text: {
        summary: 'A text',
        value: { model: 'openai/omni-moderation-latest', input: 'Have a nice day.' },
      },
      many: {
        summary: 'Several texts, at Mistral',
        value: { model: 'mistral/mistral-moderation-latest', input: ['Have a nice day.', 'Go away.'] },
      },
    },
  },
  response: {
    status: 200,
    description: 'One verdict for each input.',
    content: {
      'application/json': {
        schema: responseSchema,
        examples: {
          fine: {
            summary: 'Nothing to object to',
            value: { id: 'modr-1', model: 'omni-moderation-latest', results: [verdict] },
          },
        },
      },
    },
  },
};
