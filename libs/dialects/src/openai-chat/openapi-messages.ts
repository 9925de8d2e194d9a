/** Schemas that request and answer share. */
export const text = { type: 'string' };
export const number = { type: 'number' };
export const integer = { type: 'integer' };
export const flag = { type: 'boolean' };
export const anyObject = { type: 'object', additionalProperties: true };

/** `cost` in the usage of an answer. */
export const costSchema = {
  type: 'number',
  description: 'USD, as in `x_llmhub`. Absent when the price is not known.',
};

/** A part of a message's content. Other parts a vendor knows pass through. */
const contentPartSchema = {
  type: 'object',
  required: ['type'],
  additionalProperties: true,
  properties: {
    type: {
      type: 'string',
      description: '`text`, `image_url`, `input_audio`, `file`, `refusal`, or a part only the vendor knows.',
    },
    text,
    image_url: {
      type: 'object',
      required: ['url'],
      properties: {
        url: { type: 'string', description: 'An https: or data: URL.' },
        detail: { type: 'string', enum: ['auto', 'low', 'high', 'original'] },
      },
    },
    input_audio: {
      type: 'object',
      required: ['data', 'format'],
      properties: {
        data: { type: 'string', description: 'Base64.' },
        format: { type: 'string', enum: ['wav', 'mp3'] },
      },
    },
    file: {
      type: 'object',
      properties: {
        file_id: text,
        file_data: { type: 'string', description: 'A data: URL.' },
        filename: text,
      },
    },
  },
};

export const toolCallSchema = {
  type: 'object',
  required: ['id', 'type'],
  properties: {
    id: text,
    type: { type: 'string', enum: ['function', 'custom'] },
    function: {
      type: 'object',
      required: ['name', 'arguments'],
      properties: { name: text, arguments: { type: 'string', description: 'JSON text.' } },
    },
    custom: { type: 'object', required: ['name', 'input'], properties: { name: text, input: text } },
    extra_content: {
      type: 'object',
      additionalProperties: true,
      description: "Holds the call's signature; send it back unchanged.",
    },
  },
};

export const reasoningFields = {
  reasoning_content: { type: 'string', description: 'What the model thought; send it back in tool loops.' },
  reasoning_details: {
    type: 'array',
    items: anyObject,
    description: 'Signed reasoning, where the vendor signs it; send it back unchanged.',
  },
};

export const messageSchema = {
  type: 'object',
  required: ['role'],
  additionalProperties: true,
  properties: {
    role: { type: 'string', enum: ['system', 'developer', 'user', 'assistant', 'tool', 'function'] },
    content: { oneOf: [text, { type: 'array', items: contentPartSchema }, { type: 'null' }] },
    name: text,
    tool_call_id: { type: 'string', description: 'For role `tool`: the call this is the result of.' },
    tool_calls: { type: 'array', items: toolCallSchema },
    refusal: { type: ['string', 'null'] },
    ...reasoningFields,
  },
};

export const toolSchema = {
  type: 'object',
  additionalProperties: true,
  properties: {
    type: { type: 'string', description: '`function`, `custom`, or a tool that the vendor runs itself.' },
    function: {
      type: 'object',
      required: ['name'],
      properties: {
        name: text,
        description: text,
        parameters: {
          type: 'object',
          additionalProperties: true,
          description: 'JSON Schema of the arguments.',
        },
        strict: flag,
      },
    },
    custom: anyObject,
  },
};
