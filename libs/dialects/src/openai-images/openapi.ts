import { costSchema, integer, text } from '../openai-chat/openapi-messages.js';

const file = { type: 'string', format: 'binary' };
const model = {
  type: 'string',
  description: '`vendor/model`, or a bare name that the gateway knows.',
  example: 'gpt-image-1',
};
const PROMPT = 'A red bicycle against a white wall.';

const settings = {
  model,
  n: { type: 'integer', minimum: 1, maximum: 10 },
  size: { type: 'string', example: '1024x1024', description: 'Width and height, or auto.' },
  response_format: { type: 'string', enum: ['url', 'b64_json'] },
  user: text,
};
const drawing = {
  prompt: { type: 'string', example: PROMPT },
  ...settings,
  quality: text,
  background: { type: 'string', enum: ['transparent', 'opaque', 'auto'] },
  output_format: { type: 'string', enum: ['png', 'jpeg', 'webp'] },
  output_compression: integer,
  stream: { type: 'boolean', default: false },
  partial_images: { type: 'integer', minimum: 0, maximum: 3 },
};

const image = { type: 'object', properties: { b64_json: text, url: text, revised_prompt: text } };
const answer = {
  type: 'object',
  required: ['created', 'data'],
  properties: {
    created: integer,
    data: { type: 'array', items: image },
    output_format: text,
    usage: {
      type: 'object',
      properties: {
        input_tokens: integer,
        output_tokens: integer,
        total_tokens: integer,
        cost: costSchema,
        input_tokens_details: { type: 'object', properties: { text_tokens: integer, image_tokens: integer } },
        output_tokens_details: {
          type: 'object',
          properties: { text_tokens: integer, image_tokens: integer },
        },
      },
    },
    x_llmhub: { type: 'object', description: 'What the gateway adds: vendor, cost, warnings.' },
  },
};
const event = {
  type: 'object',
  required: ['type'],
  properties: {
    type: { type: 'string', example: 'image_generation.partial_image' },
    b64_json: text,
    partial_image_index: integer,
    usage: answer.properties.usage,
  },
};

/** For `@ApiBody` and `@ApiResponse` of the image endpoints. Fields a vendor knows beyond these pass through. */
export const imageOpenApi = {
  generations: {
    schema: {
      type: 'object',
      required: ['model', 'prompt'],
      additionalProperties: true,
      properties: drawing,
    },
    examples: { picture: { value: { model: 'gpt-image-1', prompt: PROMPT, size: '1024x1024' } } },
  },
  edits: {
    schema: {
      type: 'object',
      required: ['model', 'prompt', 'image'],
      additionalProperties: true,
      properties: { ...drawing, image: { type: 'array', items: file }, mask: file, input_fidelity: text },
    },
  },
  variations: {
    schema: {
      type: 'object',
      required: ['model', 'image'],
      additionalProperties: true,
      properties: { ...settings, image: file },
    },
  },
  response: {
    status: 200,
    description: 'The pictures; with `stream: true` an event stream that ends with `….completed`.',
    content: { 'application/json': { schema: answer }, 'text/event-stream': { schema: event } },
  },
};
