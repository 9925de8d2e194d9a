import { anyObject, flag, integer, text } from '../openai-chat/openapi-messages.js';
import { responseExamples } from './openapi-examples.js';
import { itemSchema, responseSchema } from './openapi.js';

const RESPONSE_ID = 'resp_0193a5c07c1e7a1b8f000123456789ab';
const CONVERSATION_ID = 'conv_0193a5c07c1e7a1b8f000123456789ab';
const item = {
  id: 'msg_0193a5c07c1e7a1b8f000123456789abin0000',
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text: 'Why is the sky blue?' }],
};
const conversation = {
  id: CONVERSATION_ID,
  object: 'conversation',
  created_at: 1795478400,
  metadata: { topic: 'the sky' },
};

const metadata = {
  type: 'object',
  additionalProperties: text,
  description: '16 pairs at most: names of 64 characters, values of 512.',
};
const items = { type: 'array', items: itemSchema, description: '20 at most.' };

const json = (schema: object, value: object) => ({
  'application/json': { schema, examples: { plain: { value } } },
});
const answer = (description: string, schema: object, value: object) => ({
  status: 200,
  description,
  content: json(schema, value),
});
const deletion = (object: string) => ({
  type: 'object',
  required: ['id', 'object', 'deleted'],
  properties: { id: text, object: { type: 'string', enum: [object] }, deleted: flag },
});

const listSchema = {
  type: 'object',
  required: ['object', 'data', 'has_more'],
  properties: {
    object: { type: 'string', enum: ['list'] },
    data: { type: 'array', items: itemSchema },
    first_id: { type: ['string', 'null'] },
    last_id: { type: ['string', 'null'] },
    has_more: flag,
  },
};
const conversationSchema = {
  type: 'object',
  required: ['id', 'object', 'created_at', 'metadata'],
  properties: {
    id: text,
    object: { type: 'string', enum: ['conversation'] },
    created_at: { ...integer, description: 'Unix seconds.' },
    metadata: anyObject,
  },
};

const query = (name: string, schema: object) => ({ name, required: false, schema });

/** Of what is asked of responses that are kept. */
export const keptOpenApi = {
  limit: query('limit', { type: 'integer', minimum: 1, maximum: 100, default: 20 }),
  order: query('order', { type: 'string', enum: ['asc', 'desc'], default: 'desc' }),
  after: query('after', { type: 'string', description: 'The last item of the page before.' }),
  response: answer('The response.', responseSchema, { ...responseExamples.plain.value, store: true }),
  cancelled: answer('The response as it is now.', responseSchema, {
    ...responseExamples.plain.value,
    status: 'cancelled',
    background: true,
    output: [],
    usage: null,
  }),
  deletedResponse: answer('It is deleted.', deletion('response'), {
    id: RESPONSE_ID,
    object: 'response',
    deleted: true,
  }),
  items: answer('The items.', listSchema, {
    object: 'list',
    data: [item],
    first_id: item.id,
    last_id: item.id,
    has_more: false,
  }),
};

/** Of conversations. */
export const conversationsOpenApi = {
  creation: {
    schema: { type: 'object', properties: { metadata, items } },
    examples: {
      plain: { value: { metadata: conversation.metadata, items: [{ role: 'user', content: 'Hello.' }] } },
    },
  },
  change: {
    schema: { type: 'object', required: ['metadata'], properties: { metadata } },
    examples: { plain: { value: { metadata: conversation.metadata } } },
  },
  addition: {
    schema: { type: 'object', required: ['items'], properties: { items } },
    examples: { plain: { value: { items: [{ role: 'user', content: 'Why is the sky blue?' }] } } },
  },
  conversation: answer('The conversation.', conversationSchema, conversation),
  deletedConversation: answer('It is deleted.', deletion('conversation.deleted'), {
    id: CONVERSATION_ID,
    object: 'conversation.deleted',
    deleted: true,
  }),
  item: answer('The item.', itemSchema, item),
};
