import { UsageFinder } from './usage-finder.js';

function told(...bodies: unknown[]): UsageFinder['told'] {
  const finder = new UsageFinder();
  bodies.forEach(body => finder.read(body));
  return finder.told;
}

describe('the usage of an answer that nobody described', () => {
  it.each([
    [
      'a chat completion',
      [{ id: 'c1', model: 'gpt-5', usage: { prompt_tokens: 7, completion_tokens: 3 } }],
      { id: 'c1', model: 'gpt-5', usage: { inputTokens: 7, outputTokens: 3 } },
    ],
    [
      'a chat completion in a tier of its own',
      [{ id: 'c1', service_tier: 'flex', usage: { prompt_tokens: 7, completion_tokens: 3 } }],
      { usage: { inputTokens: 7, outputTokens: 3, serviceTier: 'flex' } },
    ],
    [
      'a response in a tier of its own, that wrote into the cache and searched',
      [
        {
          id: 'r1',
          service_tier: 'priority',
          usage: { input_tokens: 9, input_tokens_details: { cache_write_tokens: 4 }, output_tokens: 5 },
          tool_usage: { web_search: { num_requests: 2 } },
        },
      ],
      { usage: { inputTokens: 9, cacheWriteTokens: 4, serviceTier: 'priority', serverToolRequests: 2 } },
    ],
    [
      'embeddings',
      [{ object: 'list', model: 'text-embedding-3-small', usage: { prompt_tokens: 7, total_tokens: 7 } }],
      { id: null, usage: { inputTokens: 7, outputTokens: 0 } },
    ],
    [
      'a response, streamed',
      [
        { type: 'response.created', response: { id: 'r1', model: 'gpt-5', usage: null } },
        {
          type: 'response.completed',
          response: {
            id: 'r1',
            model: 'gpt-5',
            usage: {
              input_tokens: 9,
              input_tokens_details: { cached_tokens: 4 },
              output_tokens: 5,
              output_tokens_details: { reasoning_tokens: 2 },
            },
          },
        },
      ],
      { id: 'r1', usage: { inputTokens: 9, cacheReadTokens: 4, outputTokens: 5, reasoningTokens: 2 } },
    ],
    [
      'a message, streamed',
      [
        {
          type: 'message_start',
          message: {
            type: 'message',
            id: 'm1',
            model: 'claude-x',
            usage: { input_tokens: 5, output_tokens: 1 },
          },
        },
        { type: 'message_delta', delta: {}, usage: { output_tokens: 8, cache_read_input_tokens: 2 } },
      ],
      { id: 'm1', model: 'claude-x', usage: { inputTokens: 7, cacheReadTokens: 2, outputTokens: 8 } },
    ],
    [
      'generated content',
      [
        {
          responseId: 'g1',
          modelVersion: 'gemini-x',
          usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 6 },
        },
      ],
      { id: 'g1', model: 'gemini-x', usage: { inputTokens: 4, outputTokens: 6 } },
    ],
    [
      'a transcription by the second',
      [{ text: 'hello', usage: { type: 'duration', seconds: 3 } }],
      { id: null, model: null, usage: { audioSeconds: 3 } },
    ],
    [
      'images',
      [{ created: 1, data: [], usage: { input_tokens: 3, output_tokens: 1056, total_tokens: 1059 } }],
      { usage: { inputTokens: 3, outputTokens: 1056 } },
    ],
  ])('is read from %s', (_, bodies, expected) => {
    expect(told(...bodies)).toMatchObject(expected);
  });

  it.each([
    ['chat', { usage: { prompt_tokens: 7, completion_tokens: 3 } }, 'completion_tokens', 'prompt_tokens'],
    ['Responses', { usage: { input_tokens: 7, output_tokens: 3 } }, 'output_tokens', 'input_tokens'],
    [
      'Google',
      { usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3 } },
      'candidatesTokenCount',
      'promptTokenCount',
    ],
  ])('is unsaid by a count of %s that cannot be meant, and not by zeros', (_, body, output, input) => {
    const [member = ''] = Object.keys(body);

    expect(told(body, { [member]: { [input]: 7, [output]: -3 } }).usage).toBeNull();
    expect(told(body, { [member]: { [input]: 0, [output]: 0 } }).usage).toMatchObject({
      inputTokens: 7,
      outputTokens: 3,
    });
  });

  it.each([
    ['a batch, which sums up others', { object: 'batch', usage: { input_tokens: 3, output_tokens: 4 } }],
    ['counts in other words', { usage: { units: 3 } }],
    ['a word', 'usage'],
    ['nothing', null],
    ['a list', [{ usage: { prompt_tokens: 1 } }]],
    ['nonsense', { usage: [1], usageMetadata: 'x', id: 4 }],
  ])('is null for %s', (_, body) => {
    expect(told(body)).toEqual({ id: null, model: null, usage: null });
  });
});
