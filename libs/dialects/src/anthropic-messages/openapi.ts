import { llmhubSchema } from '../openai-chat/openapi.js';
import { anyObject, costSchema, flag, integer, number, text } from '../openai-chat/openapi-messages.js';
import { countExamples, requestExamples, responseExamples, streamExample } from './openapi-examples.js';
import { blockSchema, conversationProperties } from './openapi-messages.js';

/** Body of POST /v1/messages. Fields Anthropic knows beyond these pass through to it. */
const messagesRequestSchema = {
  type: 'object',
  required: ['model', 'max_tokens', 'messages'],
  additionalProperties: true,
  properties: {
    ...conversationProperties,
    max_tokens: { type: 'integer', description: 'Thinking included.' },
    stream: { type: 'boolean', default: false },
    stop_sequences: { type: 'array', items: text },
    temperature: { type: 'number', minimum: 0, maximum: 1, description: 'For models that take it.' },
    top_p: number,
    top_k: integer,
    metadata: { type: 'object', properties: { user_id: text } },
    service_tier: { type: 'string', enum: ['auto', 'standard_only'] },
  },
};

const usageSchema = {
  type: 'object',
  properties: {
    input_tokens: { type: 'integer', description: 'Without cached tokens.' },
    cache_creation_input_tokens: integer,
    cache_read_input_tokens: integer,
    output_tokens: { type: 'integer', description: 'Thinking included.' },
    output_tokens_details: { type: 'object', properties: { thinking_tokens: integer } },
    service_tier: text,
    cost: costSchema,
  },
};

const stopProperties = {
  stop_reason: {
    type: ['string', 'null'],
    description:
      '`end_turn`, `stop_sequence`, `max_tokens`, `tool_use`, `refusal`, `pause_turn` or `model_context_window_exceeded`.',
  },
  stop_sequence: { type: ['string', 'null'] },
  stop_details: {},
};

/** A whole answer. */
const messagesResponseSchema = {
  type: 'object',
  required: ['id', 'type', 'role', 'model', 'content', 'stop_reason', 'usage'],
  properties: {
    id: text,
    type: { type: 'string', enum: ['message'] },
    role: { type: 'string', enum: ['assistant'] },
    model: { type: 'string', description: 'The model that answered, as the vendor names it.' },
    content: { type: 'array', items: blockSchema },
    ...stopProperties,
    usage: usageSchema,
    x_llmhub: llmhubSchema,
  },
};

/** One event of a streamed answer; the last one is `message_stop`, or `error`. */
const messagesEventSchema = {
  type: 'object',
  required: ['type'],
  properties: {
    type: {
      type: 'string',
      description:
        '`message_start`, `content_block_start`, `content_block_delta`, `content_block_stop`, `message_delta`, `message_stop`, `ping` or `error`.',
    },
    message: messagesResponseSchema,
    index: integer,
    content_block: blockSchema,
    delta: { type: 'object', additionalProperties: true },
    usage: usageSchema,
    x_llmhub: llmhubSchema,
    error: anyObject,
  },
};

/** Body of every failure of this API. */
export const anthropicErrorSchema = {
  type: 'object',
  required: ['type', 'error'],
  properties: {
    type: { type: 'string', enum: ['error'] },
    error: {
      type: 'object',
      required: ['type', 'message'],
      properties: {
        type: text,
        message: { type: 'string', description: 'What to do next.' },
        details: { type: 'object', properties: { error_code: text } },
      },
    },
    request_id: text,
  },
};

/** For `@ApiBody` and `@ApiResponse` of POST /v1/messages. */
export const messagesOpenApi = {
  body: { schema: messagesRequestSchema, examples: requestExamples },
  response: {
    status: 200,
    description: 'The answer; with `stream: true` an event stream that ends with `message_stop`.',
    content: {
      'application/json': { schema: messagesResponseSchema, examples: responseExamples },
      'text/event-stream': { schema: messagesEventSchema, examples: { streamed: streamExample } },
    },
  },
};

/** For `@ApiBody` and `@ApiResponse` of POST /v1/messages/count_tokens. */
export const tokenCountOpenApi = {
  body: {
    schema: {
      type: 'object',
      required: ['model', 'messages'],
      additionalProperties: true,
      properties: conversationProperties,
    },
    examples: countExamples,
  },
  response: {
    status: 200,
    description: 'How many tokens the vendor would read.',
    schema: {
      type: 'object',
      required: ['input_tokens'],
      properties: {
        input_tokens: integer,
        x_llmhub: {
          type: 'object',
          additionalProperties: true,
          properties: {
            usage_estimated: { ...flag, description: 'Nobody counted; this is reckoned by the length.' },
          },
        },
      },
    },
  },
};
