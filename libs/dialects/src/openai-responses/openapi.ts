import { anyObject, costSchema, flag, integer, number, text } from '../openai-chat/openapi-messages.js';
import { requestExamples, responseExamples, streamExample, tokenExamples } from './openapi-examples.js';

const nullable = (type: string) => ({ type: [type, 'null'] });

export const itemSchema = {
  type: 'object',
  additionalProperties: true,
  description:
    'A message (no `type` means that), `function_call`, `function_call_output`, `reasoning` and others. Items come back ' +
    'as they were given.',
  properties: {
    type: text,
    role: { type: 'string', enum: ['user', 'assistant', 'system', 'developer'] },
    content: { oneOf: [text, { type: 'array', items: anyObject }] },
    call_id: text,
    name: text,
    arguments: text,
    output: { oneOf: [text, { type: 'array', items: anyObject }] },
    summary: { type: 'array', items: anyObject },
    encrypted_content: { type: 'string', description: 'Reasoning in cipher, for its issuer alone.' },
  },
};

const toolSchema = {
  type: 'object',
  required: ['type'],
  additionalProperties: true,
  description:
    '`function` and `custom` go to every vendor. What a vendor runs itself goes to vendors of this format.',
  properties: { type: text, name: text, description: text, parameters: anyObject, strict: flag },
};

const asked = {
  model: { type: 'string', description: '`vendor/model`, or a bare name that the gateway knows.' },
  input: { oneOf: [text, { type: 'array', items: itemSchema }] },
  instructions: text,
  tools: { type: 'array', items: toolSchema },
  tool_choice: { oneOf: [{ type: 'string', enum: ['none', 'auto', 'required'] }, anyObject] },
  text: {
    type: 'object',
    properties: { format: anyObject, verbosity: { type: 'string', enum: ['low', 'medium', 'high'] } },
  },
  reasoning: {
    type: 'object',
    properties: {
      effort: {
        type: 'string',
        description: '`none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`, as the model takes it.',
      },
      summary: { type: 'string', enum: ['auto', 'concise', 'detailed'] },
    },
  },
};

/** Body of POST /v1/responses. Fields a vendor knows beyond these pass through. */
export const responsesRequestSchema = {
  type: 'object',
  required: ['model'],
  additionalProperties: true,
  properties: {
    ...asked,
    stream: { type: 'boolean', default: false },
    max_output_tokens: { type: 'integer', description: 'Reasoning included.' },
    temperature: { type: 'number', minimum: 0, maximum: 2 },
    top_p: number,
    top_logprobs: integer,
    parallel_tool_calls: flag,
    include: { type: 'array', items: text },
    metadata: anyObject,
    store: {
      type: 'boolean',
      default: true,
      description: 'Kept by OpenAI for its models, by the gateway for all others.',
    },
    previous_response_id: { type: 'string', description: 'A kept response to go on from, of any vendor.' },
    conversation: {
      oneOf: [text, anyObject],
      description: 'A conversation to go on with, of POST /v1/conversations.',
    },
    background: {
      type: 'boolean',
      description: 'Answers at once; ask GET /v1/responses/{id} until it is done.',
    },
    service_tier: text,
    prompt_cache_key: text,
    safety_identifier: text,
  },
};

/** A whole response. */
export const responseSchema = {
  type: 'object',
  required: ['id', 'object', 'created_at', 'model', 'status', 'output'],
  additionalProperties: true,
  properties: {
    id: text,
    object: { type: 'string', enum: ['response'] },
    created_at: { type: 'integer', description: 'Unix seconds.' },
    model: text,
    status: { type: 'string', enum: ['completed', 'incomplete', 'failed', 'in_progress', 'queued'] },
    incomplete_details: { type: ['object', 'null'], properties: { reason: text } },
    error: { type: ['object', 'null'], properties: { code: text, message: text } },
    output: { type: 'array', items: itemSchema },
    usage: { type: ['object', 'null'], properties: { cost: costSchema }, additionalProperties: true },
    service_tier: nullable('string'),
    x_llmhub: {
      type: 'object',
      description: 'What the gateway knows of the call. A project can turn it off.',
      additionalProperties: true,
    },
  },
};

const eventSchema = {
  type: 'object',
  required: ['type'],
  additionalProperties: true,
  properties: { type: text, sequence_number: integer, response: responseSchema },
};

/** For `@ApiBody` and `@ApiResponse` of POST /v1/responses. */
export const responsesOpenApi = {
  body: { schema: responsesRequestSchema, examples: requestExamples },
  response: {
    status: 200,
    description:
      'The response; with `stream: true` an event stream that ends with `response.completed`, `response.incomplete` or ' +
      '`response.failed`.',
    content: {
      'application/json': { schema: responseSchema, examples: responseExamples },
      'text/event-stream': { schema: eventSchema, examples: { streamed: streamExample } },
    },
  },
};

/** For `@ApiBody` and `@ApiResponse` of POST /v1/responses/input_tokens. */
export const inputTokensOpenApi = {
  body: {
    schema: { type: 'object', required: ['model'], additionalProperties: true, properties: asked },
    examples: tokenExamples,
  },
  response: {
    status: 200,
    description:
      'The count of the vendor. Where it has none, an estimate, which the header `x-llmhub-warnings` says.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['object', 'input_tokens'],
          properties: {
            object: { type: 'string', enum: ['response.input_tokens'] },
            input_tokens: integer,
          },
        },
        examples: { plain: { value: { object: 'response.input_tokens', input_tokens: 11 } } },
      },
    },
  },
};

/** For `@ApiBody` and `@ApiResponse` of POST /v1/responses/compact. */
export const compactionOpenApi = {
  body: {
    schema: {
      type: 'object',
      required: ['model'],
      additionalProperties: true,
      properties: {
        model: asked.model,
        input: asked.input,
        instructions: asked.instructions,
        previous_response_id: text,
      },
    },
    examples: tokenExamples,
  },
  response: {
    status: 200,
    description:
      'The messages of the user, and an item in cipher that stands for all that was said. Send them as `input`.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['id', 'object', 'created_at', 'output', 'usage'],
          additionalProperties: true,
          properties: {
            id: text,
            object: { type: 'string', enum: ['response.compaction'] },
            created_at: { type: 'integer', description: 'Unix seconds.' },
            output: { type: 'array', items: itemSchema },
            usage: anyObject,
          },
        },
      },
    },
  },
};
