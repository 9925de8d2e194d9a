import { requestExamples, responseExamples, streamExample } from './openapi-examples.js';
import {
  anyObject,
  costSchema,
  flag,
  integer,
  messageSchema,
  number,
  reasoningFields,
  text,
  toolCallSchema,
  toolSchema,
} from './openapi-messages.js';

const oneOrMore = (items: object) => ({ oneOf: [text, { type: 'array', items }] });

/** Body of POST /v1/chat/completions. Fields a vendor knows beyond these pass through. */
const chatCompletionRequestSchema = {
  type: 'object',
  required: ['model', 'messages'],
  additionalProperties: true,
  properties: {
    model: { type: 'string', description: '`vendor/model`, or a bare name that the gateway knows.' },
    messages: { type: 'array', minItems: 1, items: messageSchema },
    stream: { type: 'boolean', default: false },
    stream_options: {
      type: 'object',
      properties: { include_usage: { type: 'boolean', description: 'Send usage in a last chunk.' } },
    },
    max_completion_tokens: {
      type: 'integer',
      description: 'Reasoning included. `max_tokens` is its older name.',
    },
    max_tokens: integer,
    temperature: { type: 'number', minimum: 0, maximum: 2 },
    top_p: number,
    frequency_penalty: number,
    presence_penalty: number,
    logit_bias: { type: 'object', additionalProperties: { type: 'number' } },
    logprobs: flag,
    top_logprobs: integer,
    n: integer,
    seed: integer,
    stop: oneOrMore(text),
    tools: { type: 'array', items: toolSchema },
    tool_choice: { oneOf: [{ type: 'string', enum: ['none', 'auto', 'required'] }, anyObject] },
    parallel_tool_calls: flag,
    response_format: {
      type: 'object',
      required: ['type'],
      properties: {
        type: { type: 'string', enum: ['text', 'json_object', 'json_schema'] },
        json_schema: {
          type: 'object',
          required: ['name'],
          properties: { name: text, description: text, schema: anyObject, strict: flag },
        },
      },
    },
    reasoning_effort: {
      type: 'string',
      description: '`none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`, as the model takes it.',
    },
    verbosity: { type: 'string', enum: ['low', 'medium', 'high'] },
    modalities: { type: 'array', items: text },
    service_tier: text,
    prompt_cache_key: text,
    metadata: anyObject,
    store: flag,
    user: {
      type: 'string',
      description: 'End-user id for abuse checks. `safety_identifier` is its newer name.',
    },
  },
};

const usageSchema = {
  type: 'object',
  properties: {
    prompt_tokens: { type: 'integer', description: 'Cached tokens included.' },
    completion_tokens: { type: 'integer', description: 'Reasoning included.' },
    total_tokens: integer,
    prompt_tokens_details: {
      type: 'object',
      properties: { cached_tokens: integer, cache_write_tokens: integer, audio_tokens: integer },
    },
    cost: costSchema,
    completion_tokens_details: {
      type: 'object',
      properties: {
        reasoning_tokens: integer,
        audio_tokens: integer,
        accepted_prediction_tokens: integer,
        rejected_prediction_tokens: integer,
      },
    },
  },
};

const leftOut = {
  type: 'number',
  description: 'USD: what was left out of the prompt, at what the rest of it cost by token. Estimated.',
};

/** `x_llmhub` of an answer. */
export const llmhubSchema = {
  type: 'object',
  description: 'What the gateway knows of the call. A project can turn it off.',
  properties: {
    provider: text,
    model: text,
    cached: flag,
    cost: { type: ['number', 'null'], description: 'USD; null when the price is not known.' },
    response_time: { type: 'integer', description: 'Milliseconds.' },
    attempts: integer,
    warnings: { type: 'array', items: anyObject },
    savings: {
      type: 'object',
      description: 'What prompt passes saved; absent where none did anything.',
      properties: {
        prompt_cache_usd: {
          type: 'number',
          description:
            'USD: what the same tokens would have cost without cache marks, less what they cost. Negative where more was spent on writing to the cache than reading from it saved.',
        },
        json_whitespace_usd: leftOut,
        duplicate_context_usd: leftOut,
        history_usd: leftOut,
        estimated: {
          type: 'boolean',
          description: 'Some of it is reckoned from tokens that nobody counted.',
        },
      },
    },
    usage_estimated: {
      type: 'boolean',
      description: 'The vendor told no usage; what stands here is reckoned.',
    },
  },
};

const finishReason = {
  type: ['string', 'null'],
  enum: ['stop', 'length', 'tool_calls', 'content_filter', 'function_call', null],
};

const envelope = {
  id: text,
  created: { type: 'integer', description: 'Unix seconds.' },
  model: { type: 'string', description: 'The model that answered, as the vendor names it.' },
  service_tier: text,
  usage: usageSchema,
  x_llmhub: llmhubSchema,
};

/** A whole answer. */
const chatCompletionResponseSchema = {
  type: 'object',
  required: ['id', 'object', 'created', 'model', 'choices'],
  properties: {
    ...envelope,
    object: { type: 'string', enum: ['chat.completion'] },
    choices: {
      type: 'array',
      items: {
        type: 'object',
        properties: { index: integer, message: messageSchema, finish_reason: finishReason, logprobs: {} },
      },
    },
  },
};

/** One `data:` of a streamed answer; the last one is `[DONE]`. */
const chatCompletionChunkSchema = {
  type: 'object',
  required: ['id', 'object', 'created', 'model', 'choices'],
  properties: {
    ...envelope,
    object: { type: 'string', enum: ['chat.completion.chunk'] },
    choices: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          index: integer,
          delta: {
            type: 'object',
            properties: {
              role: text,
              content: { type: ['string', 'null'] },
              refusal: { type: ['string', 'null'] },
              tool_calls: { type: 'array', items: toolCallSchema },
              ...reasoningFields,
            },
          },
          finish_reason: finishReason,
          logprobs: {},
        },
      },
    },
  },
};

/** Body of every failure. */
export const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type'],
      properties: {
        message: { type: 'string', description: 'What to do next.' },
        type: text,
        param: { type: ['string', 'null'], description: 'The field at fault.' },
        code: { type: ['string', 'null'] },
        metadata: anyObject,
      },
    },
  },
};

/** For `@ApiBody` and `@ApiResponse` of POST /v1/chat/completions. */
export const chatCompletionOpenApi = {
  body: { schema: chatCompletionRequestSchema, examples: requestExamples },
  response: {
    status: 200,
    description: 'The answer; with `stream: true` an event stream of chunks that ends with `data: [DONE]`.',
    content: {
      'application/json': { schema: chatCompletionResponseSchema, examples: responseExamples },
      'text/event-stream': { schema: chatCompletionChunkSchema, examples: { streamed: streamExample } },
    },
  },
  error: { description: 'The call failed.', schema: errorSchema },
};
