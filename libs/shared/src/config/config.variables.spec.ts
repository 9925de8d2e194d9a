import { readConfig, unknownVariables } from './config.reader.js';

describe('the variables of the configuration', () => {
  it('are collected of vendors by id, and those that vendors are known by', () => {
    const config = readConfig({
      AI_GATEWAY_PROVIDERS_MY_VLLM_BASE_URL: 'http://gpu:8000/v1//',
      AI_GATEWAY_PROVIDERS_MY_VLLM_API_KEY: 'one',
      AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: '',
      GROQ_API_KEY: 'two',
      MISTRAL_API_KEY: '',
      AWS_REGION: 'eu-west-1',
      AWS_SECRET_ACCESS_KEY: 'not ours',
      HOME: '/root',
    });

    expect([...config.providers]).toEqual([['my-vllm', { baseUrl: 'http://gpu:8000/v1', apiKey: 'one' }]]);
    expect(config.vendorVariables).toEqual({ GROQ_API_KEY: 'two', AWS_REGION: 'eu-west-1' });
  });

  it('of ours that nothing reads are found', () => {
    expect(
      unknownVariables({
        AI_GATEWAY_SERVER_PROT: '1',
        AI_GATEWAY_PROVIDERS_X_TOKEN: '1',
        AI_GATEWAY_PROVIDERS_X_API_KEY: '1',
        AI_GATEWAY_SERVER_PORT: '1',
        PATH: '1',
      }),
    ).toEqual(['AI_GATEWAY_SERVER_PROT', 'AI_GATEWAY_PROVIDERS_X_TOKEN']);
  });
});
