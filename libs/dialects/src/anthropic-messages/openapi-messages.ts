import { anyObject, flag, integer, text } from '../openai-chat/openapi-messages.js';

const cacheControl = {
  type: 'object',
  description: 'Cache the prompt up to here.',
  properties: { type: { type: 'string', enum: ['ephemeral'] }, ttl: { type: 'string', enum: ['5m', '1h'] } },
};

/** Blocks of requests and answers. Others that Anthropic knows pass through to it. */
export const blockSchema = {
  type: 'object',
  required: ['type'],
  additionalProperties: true,
  properties: {
    type: {
      type: 'string',
      description:
        '`text`, `image`, `document`, `tool_use`, `tool_result`, `thinking`, `redacted_thinking`, `search_result`, or a block only Anthropic knows.',
    },
    text,
    source: {
      type: 'object',
      description: 'Of an image or a document.',
      required: ['type'],
      properties: {
        type: { type: 'string', enum: ['base64', 'url', 'file', 'text', 'content'] },
        media_type: text,
        data: { type: 'string', description: 'Base64, or plain text for the type `text`.' },
        url: text,
        file_id: text,
      },
    },
    id: text,
    name: text,
    input: { type: 'object', additionalProperties: true, description: 'Arguments of a tool call.' },
    tool_use_id: { type: 'string', description: 'For `tool_result`: the call this is the result of.' },
    is_error: flag,
    thinking: { type: 'string', description: 'What the model thought.' },
    signature: { type: 'string', description: 'Send it back unchanged, with its block.' },
    citations: {},
    cache_control: cacheControl,
  },
};

export const contentSchema = { oneOf: [text, { type: 'array', items: blockSchema }] };

export const messageSchema = {
  type: 'object',
  required: ['role', 'content'],
  additionalProperties: true,
  properties: {
    role: {
      type: 'string',
      enum: ['user', 'assistant', 'system'],
      description: '`system` here is an instruction in mid-conversation.',
    },
    content: contentSchema,
  },
};

export const toolSchema = {
  type: 'object',
  additionalProperties: true,
  properties: {
    type: { type: 'string', description: '`custom`, or the name of a tool that Anthropic runs itself.' },
    name: text,
    description: text,
    input_schema: {
      type: 'object',
      additionalProperties: true,
      description: 'JSON Schema of the arguments.',
    },
    strict: flag,
    cache_control: cacheControl,
  },
};

/** Members that a request to answer and a request to count have in common. */
export const conversationProperties = {
  model: { type: 'string', description: '`vendor/model`, or a bare name that the gateway knows.' },
  messages: { type: 'array', minItems: 1, items: messageSchema },
  system: contentSchema,
  tools: { type: 'array', items: toolSchema },
  tool_choice: {
    type: 'object',
    required: ['type'],
    properties: {
      type: { type: 'string', enum: ['auto', 'any', 'tool', 'none'] },
      name: text,
      disable_parallel_tool_use: flag,
    },
  },
  thinking: {
    type: 'object',
    required: ['type'],
    properties: {
      type: { type: 'string', description: '`adaptive`, `between_tools`, `enabled` or `disabled`.' },
      budget_tokens: integer,
      display: { type: 'string', enum: ['summarized', 'omitted'] },
    },
  },
  output_config: {
    type: 'object',
    properties: {
      effort: { type: 'string', description: '`low`, `medium`, `high`, `xhigh` or `max`.' },
      format: {
        type: 'object',
        required: ['type', 'schema'],
        properties: { type: { type: 'string', enum: ['json_schema'] }, schema: anyObject },
      },
    },
  },
  cache_control: cacheControl,
};
