import { nearVendors } from './near-vendors.js';

const IDS = ['openai', 'azure-openai', 'xai', 'google', 'vertex', 'bedrock', 'groq', 'mistral', 'my-vllm'];

describe('vendors that were meant', () => {
  it.each([
    ['opanai', ['openai']],
    ['opneai', ['openai']],
    ['openaii', ['openai']],
    ['gork', []],
    ['gorq', ['groq']],
    ['x-ai', ['xai']],
    ['X.AI', ['xai']],
    ['azure', ['azure-openai']],
    ['amazon-bedrock', ['bedrock']],
    ['google-vertex/europe', ['google', 'vertex']],
    ['Mistral AI', ['mistral']],
    ['my_vllm', ['my-vllm']],
    ['o', []],
    ['', []],
    ['deepinfra', []],
  ])('by %j are %j', (typed, expected) => {
    expect(nearVendors(typed, IDS)).toEqual(expected);
  });
});
