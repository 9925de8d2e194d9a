// Right bodies of the four APIs for text, with as much in them as every vendor can say: each member is a place to break.

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const NAMES = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
};
const WEATHER = { name: 'get_weather', description: 'Weather of a city, now.' };

export const chatBodies = [
  {
    messages: [
      { role: 'system', content: 'Answer in one sentence.' },
      { role: 'user', content: [{ type: 'text', text: 'Why is the sky blue?' }], name: 'ann' },
    ],
    temperature: 1,
    top_p: 1,
    max_completion_tokens: 300,
    user: 'u-1',
    stream: true,
    stream_options: { include_usage: true },
  },
  {
    messages: [
      { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}`, detail: 'low' } },
        ],
      },
      { role: 'assistant', content: 'A pixel.' },
      { role: 'user', content: 'Whose?' },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'who', schema: NAMES, strict: true, description: 'A name.' },
    },
    reasoning_effort: 'low',
    metadata: { team: 'a' },
  },
  {
    messages: [
      { role: 'user', content: 'Do I need a coat?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
          { id: 'call_2', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Rome"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '-3 °C' },
      { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: '30 °C' }] },
    ],
    tools: [{ type: 'function', function: { ...WEATHER, parameters: PARAMETERS } }],
    tool_choice: { type: 'function', function: { name: 'get_weather' } },
    parallel_tool_calls: true,
    seed: 7,
  },
];

export const messagesBodies = [
  {
    max_tokens: 300,
    system: [{ type: 'text', text: 'Answer in one sentence.', cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: 'Why is the sky blue?' }],
    metadata: { user_id: 'u-1' },
    stop_sequences: ['END'],
    stream: true,
  },
  {
    max_tokens: 2000,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'A pixel.' }] },
      { role: 'user', content: [{ type: 'text', text: 'Whose?', cache_control: { type: 'ephemeral' } }] },
    ],
    output_config: { effort: 'low', format: { type: 'json_schema', schema: NAMES } },
    thinking: { type: 'adaptive', display: 'summarized' },
  },
  {
    max_tokens: 200,
    messages: [
      { role: 'user', content: 'Do I need a coat?' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I shall look.' },
          { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } },
          { type: 'tool_use', id: 'toolu_2', name: 'get_weather', input: { city: 'Rome' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: '-3 °C', is_error: false },
          { type: 'tool_result', tool_use_id: 'toolu_2', content: [{ type: 'text', text: '30 °C' }] },
        ],
      },
    ],
    tools: [{ ...WEATHER, input_schema: PARAMETERS }],
    tool_choice: { type: 'auto', disable_parallel_tool_use: false },
  },
];

export const responsesBodies = [
  {
    instructions: 'Answer in one sentence.',
    input: 'Why is the sky blue?',
    max_output_tokens: 300,
    stream: true,
    store: false,
  },
  {
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}`, detail: 'low' },
        ],
      },
      {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'A pixel.', annotations: [] }],
      },
      { type: 'message', role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Whose?' },
    ],
    text: { format: { type: 'json_schema', name: 'who', schema: NAMES, strict: true }, verbosity: 'low' },
    reasoning: { effort: 'low', summary: 'auto' },
    metadata: { team: 'a' },
    include: ['reasoning.encrypted_content'],
    store: false,
  },
  {
    input: [
      { role: 'user', content: 'Do I need a coat?' },
      { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
      {
        type: 'function_call_output',
        call_id: 'call_1',
        output: [{ type: 'input_text', text: '-3 °C' }],
      },
    ],
    tools: [{ type: 'function', ...WEATHER, parameters: PARAMETERS, strict: false }],
    tool_choice: { type: 'function', name: 'get_weather' },
    parallel_tool_calls: true,
    truncation: 'disabled',
    store: false,
  },
];

const DECLARED = { tools: [{ functionDeclarations: [{ ...WEATHER, parametersJsonSchema: PARAMETERS }] }] };

export const geminiBodies = [
  {
    systemInstruction: { parts: [{ text: 'Answer in one sentence.' }] },
    contents: [{ role: 'user', parts: [{ text: 'Why is the sky blue?' }] }],
    generationConfig: { temperature: 0.5, topP: 0.9, maxOutputTokens: 300, stopSequences: ['END'] },
    labels: { team: 'a' },
  },
  {
    contents: [
      {
        role: 'user',
        parts: [{ text: 'What is this?' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }],
      },
      { role: 'model', parts: [{ text: 'A pixel.' }] },
      { role: 'user', parts: [{ text: 'Whose?' }] },
    ],
    generationConfig: {
      responseMimeType: 'application/json',
      responseJsonSchema: NAMES,
      thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true },
    },
  },
  {
    contents: [
      { role: 'user', parts: [{ text: 'Do I need a coat?' }] },
      {
        role: 'model',
        parts: [
          {
            functionCall: { id: 'c1', name: 'get_weather', args: { city: 'Oslo' } },
            thoughtSignature: 'c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=',
          },
        ],
      },
      {
        role: 'user',
        parts: [{ functionResponse: { id: 'c1', name: 'get_weather', response: { output: '-3 °C' } } }],
      },
    ],
    ...DECLARED,
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_weather'] } },
  },
];
