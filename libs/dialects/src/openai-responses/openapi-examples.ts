const weatherTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city, now.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

export const requestExamples = {
  plain: {
    summary: 'A question',
    value: {
      model: 'openai/gpt-5-mini',
      instructions: 'Answer in one sentence.',
      input: 'Why is the sky blue?',
    },
  },
  streamed: {
    summary: 'Streamed, with the reasoning in summary',
    value: {
      model: 'anthropic/claude-sonnet-5',
      input: 'Which day of the week was 1 March 2000?',
      reasoning: { effort: 'medium', summary: 'auto' },
      stream: true,
    },
  },
  tools: {
    summary: 'The result of a tool',
    value: {
      model: 'google/gemini-3-flash',
      tools: [weatherTool],
      input: [
        { role: 'user', content: 'Do I need a coat in Oslo?' },
        { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
        { type: 'function_call_output', call_id: 'call_1', output: '-3 °C, snow' },
      ],
    },
  },
  next: {
    summary: 'The next turn of a kept response',
    value: {
      model: 'anthropic/claude-sonnet-5',
      previous_response_id: 'resp_0193a5c07c1e7a1b8f000123456789ab',
      input: 'And why is it red in the evening?',
    },
  },
};

export const tokenExamples = {
  plain: {
    summary: 'A question',
    value: { model: 'openai/gpt-5-mini', input: 'Why is the sky blue?' },
  },
};

const message = {
  id: 'msg_0193a5c0',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [
    {
      type: 'output_text',
      annotations: [],
      logprobs: [],
      text: 'Air scatters short, blue waves of sunlight most.',
    },
  ],
};

const response = {
  id: 'resp_0193a5c0',
  object: 'response',
  created_at: 1795478400,
  model: 'gpt-5-mini-2025-08-07',
  status: 'completed',
  incomplete_details: null,
  error: null,
  output: [message],
  usage: {
    input_tokens: 24,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: 17,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 41,
    cost: 0.00004,
  },
};

export const responseExamples = { plain: { summary: 'An answer', value: response } };

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}`;
const begun = { ...response, status: 'in_progress', output: [], usage: null };
const at = { item_id: message.id, output_index: 0, content_index: 0 };

export const streamExample = {
  summary: 'A stream, shortened',
  value: [
    event('response.created', { response: begun, sequence_number: 0 }),
    event('response.output_text.delta', { ...at, delta: 'Air scatters', sequence_number: 4 }),
    event('response.completed', { response, sequence_number: 9 }),
    '',
  ].join('\n\n'),
};
