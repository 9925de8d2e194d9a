const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a city, now.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** A whole picture, in base64. */
export const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const requestExamples = {
  plain: {
    summary: 'A question',
    value: {
      model: 'openai/gpt-5-mini',
      messages: [
        { role: 'system', content: 'Answer in one sentence.' },
        { role: 'user', content: 'Why is the sky blue?' },
      ],
    },
  },
  streamed: {
    summary: 'Streamed, with usage at the end',
    value: {
      model: 'anthropic/claude-sonnet-5',
      messages: [{ role: 'user', content: 'Tell me a story.' }],
      stream: true,
      stream_options: { include_usage: true },
    },
  },
  tools: {
    summary: 'With a tool',
    value: {
      model: 'google/gemini-3-flash',
      messages: [{ role: 'user', content: 'Do I need a coat in Oslo?' }],
      tools: [weatherTool],
      tool_choice: 'auto',
    },
  },
  image: {
    summary: 'With an image',
    value: {
      model: 'openai/gpt-5-mini',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What colour is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
          ],
        },
      ],
    },
  },
};

const head = { id: 'chatcmpl-9f1c', object: 'chat.completion', created: 1795478400 };
const usage = { prompt_tokens: 24, completion_tokens: 17, total_tokens: 41, cost: 0.00004 };

export const responseExamples = {
  plain: {
    summary: 'An answer',
    value: {
      ...head,
      model: 'gpt-5-mini-2025-08-07',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Air scatters short, blue waves of sunlight most.',
            refusal: null,
          },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
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
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: null,
            refusal: null,
            tool_calls: [
              {
                id: 'call_1',
                type: 'function',
                function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
              },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage,
    },
  },
};

const chunk = `"id":"chatcmpl-9f1c","object":"chat.completion.chunk","created":1795478400,"model":"gpt-5-mini"`;

export const streamExample = {
  summary: 'A stream',
  value: [
    `data: {${chunk},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}`,
    `data: {${chunk},"choices":[{"index":0,"delta":{"content":"Once"},"finish_reason":null}]}`,
    `data: {${chunk},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
    'data: [DONE]',
    '',
  ].join('\n\n'),
};
