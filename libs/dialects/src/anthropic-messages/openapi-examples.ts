import { PIXEL } from '../openai-chat/openapi-examples.js';

const weatherTool = {
  name: 'get_weather',
  description: 'Weather of a city, now.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

export const requestExamples = {
  plain: {
    summary: 'A question',
    value: {
      model: 'openai/gpt-5-mini',
      max_tokens: 1024,
      system: 'Answer in one sentence.',
      messages: [{ role: 'user', content: 'Why is the sky blue?' }],
    },
  },
  streamed: {
    summary: 'Streamed',
    value: {
      model: 'anthropic/claude-sonnet-5',
      max_tokens: 1024,
      messages: [{ role: 'user', content: 'Tell me a story.' }],
      stream: true,
    },
  },
  tools: {
    summary: 'With a tool',
    value: {
      model: 'google/gemini-3-flash',
      max_tokens: 1024,
      messages: [{ role: 'user', content: 'Do I need a coat in Oslo?' }],
      tools: [weatherTool],
      tool_choice: { type: 'auto' },
    },
  },
  image: {
    summary: 'With an image',
    value: {
      model: 'openai/gpt-5-mini',
      max_tokens: 1024,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What colour is this?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
          ],
        },
      ],
    },
  },
};

const head = { id: 'msg_9f1c', type: 'message', role: 'assistant' };
const usage = {
  input_tokens: 24,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 17,
  cost: 0.00004,
};

export const responseExamples = {
  plain: {
    summary: 'An answer',
    value: {
      ...head,
      model: 'gpt-5-mini-2025-08-07',
      content: [{ type: 'text', text: 'Air scatters short, blue waves of sunlight most.', citations: null }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      usage,
      x_llmhub: {
        provider: 'openai',
        model: 'gpt-5-mini-2025-08-07',
        cached: false,
        cost: 0.00004,
        response_time: 812,
        attempts: 1,
        warnings: [],
      },
    },
  },
  tools: {
    summary: 'A tool call',
    value: {
      ...head,
      model: 'gemini-3-flash',
      content: [{ type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Oslo' } }],
      stop_reason: 'tool_use',
      stop_sequence: null,
      stop_details: null,
      usage,
    },
  },
};

const message = `{"id":"msg_9f1c","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"stop_reason":null,"usage":{"input_tokens":12,"output_tokens":1}}`;

export const streamExample = {
  summary: 'A stream',
  value: [
    `event: message_start\ndata: {"type":"message_start","message":${message}}`,
    `event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`,
    `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Once"}}`,
    `event: content_block_stop\ndata: {"type":"content_block_stop","index":0}`,
    `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":12,"output_tokens":9,"cost":0.000171}}`,
    `event: message_stop\ndata: {"type":"message_stop"}`,
    '',
  ].join('\n\n'),
};

export const countExamples = {
  plain: {
    summary: 'A question',
    value: {
      model: 'anthropic/claude-sonnet-5',
      messages: [{ role: 'user', content: 'Why is the sky blue?' }],
    },
  },
};
