import { readUsage } from './usage.js';

describe('usage of chat vendors', () => {
  const plain = { prompt_tokens: 10, completion_tokens: 5 };

  it.each([
    ['OpenAI', { ...plain, prompt_tokens_details: { cached_tokens: 4 } }],
    ['DeepSeek', { ...plain, prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 6 }],
    ['Mistral', { ...plain, num_cached_tokens: 4 }],
    ['HuggingFace', { ...plain, cached_tokens: 4, prompt_tokens_details: null }],
  ])('finds the cached tokens of %s', (_vendor, usage) => {
    expect(readUsage(usage)).toEqual({ inputTokens: 10, outputTokens: 5, cacheReadTokens: 4 });
  });

  it.each<[output: number, total: number | undefined, outside: boolean, where: string]>([
    [5, 15, false, 'inside'],
    [12, 22, false, 'besides, as the total says (xAI)'],
    [12, undefined, true, 'besides, as the vendor is known for'],
    [5, 15, true, 'inside, as the total says'],
  ])('counts %d output tokens of a total of %s (outside: %s): reasoning is %s', (output, total, outside) => {
    const usage = { ...plain, total_tokens: total, completion_tokens_details: { reasoning_tokens: 7 } };

    expect(readUsage(usage, outside)).toEqual({ inputTokens: 10, outputTokens: output, reasoningTokens: 7 });
  });

  it('keeps what OpenRouter charged', () => {
    const usage = {
      ...plain,
      cost: 0.0145,
      prompt_tokens_details: { cache_write_tokens: 3 },
      server_tool_use_details: { tool_calls_executed: 2 },
    };

    expect(readUsage(usage)).toMatchObject({
      providerCostUsd: 0.0145,
      cacheWriteTokens: 3,
      serverToolRequests: 2,
    });
  });

  it('keeps what Perplexity charged in all', () => {
    const cost = { input_tokens_cost: 0.001, request_cost: 0.005, total_cost: 0.006 };

    expect(readUsage({ ...plain, cost })).toMatchObject({ providerCostUsd: 0.006 });
  });

  it.each([null, undefined, {}, 'x', []])('takes %j for no usage', usage => {
    expect(readUsage(usage)).toBeNull();
  });
});
