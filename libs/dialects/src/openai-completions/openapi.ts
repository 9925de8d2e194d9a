import { llmhubSchema } from '../openai-chat/openapi.js';
import { anyObject, costSchema, flag, integer, number, text } from '../openai-chat/openapi-messages.js';

const requestSchema = {
  type: 'object',
  required: ['model', 'prompt'],
  additionalProperties: true,
  properties: {
    model: { type: 'string', description: '`vendor/model`, or a bare name that the gateway knows.' },
    prompt: {
      description: 'A text. Several, or tokens, only for models that take the legacy completions themselves.',
      oneOf: [text, { type: 'array', items: anyObject }],
    },
    max_tokens: integer,
    temperature: number,
    top_p: number,
    n: integer,
    stream: flag,
    stream_options: { type: 'object', properties: { include_usage: flag } },
    logprobs: { type: 'integer', description: 'Alternatives to tell for each token.' },
    stop: { oneOf: [text, { type: 'array', items: text }] },
    presence_penalty: number,
    frequency_penalty: number,
    seed: integer,
    user: text,
  },
};

const responseSchema = {
  type: 'object',
  required: ['id', 'object', 'created', 'model', 'choices'],
  properties: {
    id: text,
    object: { type: 'string', enum: ['text_completion'] },
    created: { type: 'integer', description: 'Unix seconds.' },
    model: text,
    choices: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          text,
          index: integer,
          logprobs: { type: ['object', 'null'] },
          finish_reason: { type: ['string', 'null'], enum: ['stop', 'length', 'content_filter', null] },
        },
      },
    },
    usage: {
      type: 'object',
      properties: {
        prompt_tokens: integer,
        completion_tokens: integer,
        total_tokens: integer,
        cost: costSchema,
      },
    },
    x_llmhub: llmhubSchema,
  },
};

const plain = {
  summary: 'A text goes on',
  value: { model: 'openai/gpt-3.5-turbo-instruct', prompt: 'Once upon a time', max_tokens: 32 },
};
const answer = {
  id: 'cmpl-9f1c',
  object: 'text_completion',
  created: 1795478400,
  model: 'gpt-3.5-turbo-instruct',
  choices: [{ text: ' there was a gateway.', index: 0, logprobs: null, finish_reason: 'stop' }],
  usage: { prompt_tokens: 4, completion_tokens: 5, total_tokens: 9 },
};

/** For `@ApiBody` and `@ApiResponse` of POST /v1/completions. */
export const completionsOpenApi = {
  body: { schema: requestSchema, examples: { plain } },
  response: {
    status: 200,
    description:
      'The text; with `stream: true` an event stream of the same shape that ends with `data: [DONE]`.',
    content: {
      'application/json': {
        schema: responseSchema,
        examples: { plain: { summary: 'A text', value: answer } },
      },
      'text/event-stream': { schema: responseSchema },
    },
  },
};
