import { BackgroundFinder } from './background-finder.js';

const USAGE = {
  input_tokens: 9,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 14,
};
const OVER = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  background: true,
  model: 'gpt-5',
  service_tier: 'flex',
  output: [],
  usage: USAGE,
};

function told(...bodies: unknown[]): BackgroundFinder['told'] {
  const finder = new BackgroundFinder();
  bodies.forEach(body => finder.read(body));
  return finder.told;
}

describe('the usage of a response in the background', () => {
  it.each(['completed', 'incomplete', 'failed', 'cancelled'])('is told when it has %s', status => {
    expect(told({ ...OVER, status })).toEqual({
      id: 'resp_1',
      model: 'gpt-5',
      status,
      usage: {
        inputTokens: 9,
        cacheReadTokens: 4,
        outputTokens: 5,
        reasoningTokens: 2,
        serviceTier: 'flex',
      },
    });
  });

  it('is told in the last event of a stream', () => {
    const begun = { ...OVER, status: 'queued', usage: null };

    expect(
      told(
        { type: 'response.queued', response: begun },
        { type: 'response.output_text.delta', delta: 'Hi' },
        { type: 'response.completed', response: OVER },
      ),
    ).toMatchObject({ id: 'resp_1', usage: { inputTokens: 9 } });
  });

  it.each<[string, unknown]>([
    ['one that goes on', { ...OVER, status: 'in_progress' }],
    ['one without usage', { ...OVER, status: 'cancelled', usage: null }],
    ['one that was not in the background', { ...OVER, background: false }],
    ['a batch', { id: 'batch_1', object: 'batch', status: 'completed', usage: USAGE }],
    ['a list of them', { object: 'list', data: [OVER] }],
    ['no object', 'usage'],
  ])('is not told of %s', (_, body) => {
    expect(told(body)).toBeNull();
  });
});
