import type { TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { startSimulatedGateway } from './support/simulated.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
});
afterAll(() => gateway?.stop());

const well = (open: string, close: string): string => open.repeat(100_000) + close.repeat(100_000);
/** Right but for what is hostile, for each endpoint and for vendors that get its bytes or a body written anew. */
const ENDPOINTS: readonly (readonly [path: string, model: string | null, members: string])[] = [
  ['/v1/embeddings', 'openai/text-embedding-3-small', '"input": "a"'],
  ['/v1/embeddings', 'google/gemini-embedding-001', '"input": "a"'],
  ['/v1/embeddings', 'voyage/voyage-3', '"input": "a"'],
  ['/v1/moderations', 'openai/omni-moderation-latest', '"input": "a"'],
  ['/v1/moderations', 'mistral/mistral-moderation-latest', '"input": "a"'],
  ['/v1/rerank', 'cohere/rerank-v3.5', '"query": "a", "documents": ["a"]'],
  ['/v1/completions', 'openai/gpt-3.5-turbo-instruct', '"prompt": "a"'],
  ['/v1/completions', 'anthropic/claude-sonnet-5', '"prompt": "a"'],
  ['/v1beta/models/cohere/embed-v4.0:embedContent', null, '"content": {"parts": [{"text": "a"}]}'],
];

describe.each(ENDPOINTS)('a hostile body at %s for %s', (path, model, members) => {
  const plain = `${model === null ? '' : `"model": "${model}", `}${members}`;

  it.each([
    ['nothing', ''],
    ['half an object', `{${plain}`],
    ['a list', `[${members.length}]`],
    ['a text', '"a"'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['a prototype', `{${plain}, "__proto__": {"input": 1}, "constructor": {"prototype": {"x": 1}}}`],
    ['deep lists', `{${plain}, "x_deep": ${well('[', ']')}}`],
    ['deep objects', `{${plain}, "input_type": ${well('{"a":', '}').replace(':}', ':1}')}}`],
    [
      'every known field of a wrong kind',
      `{${plain}, "dimensions": {}, "user": [], "top_n": "x", "stop": {}}`,
    ],
    ['nulls', `{${plain}, "dimensions": null, "user": null, "top_n": null, "encoding_format": null}`],
    ['numbers beyond all', `{${plain}, "dimensions": 1e999, "top_n": -1e999, "max_tokens": 1e999}`],
    ['NUL', `{${plain.replaceAll('"a"', '"a\\u0000"')}}`],
    ['half a surrogate', `{${plain.replaceAll('"a"', '"\\ud800"')}}`],
    ['inputs of all kinds', `{${plain}, "input": [null, {}, [], 1, "a", true]}`],
    ['a member twice', `{${plain}, ${plain}}`],
  ])('never breaks the gateway: %s', async (_, body) => {
    const response = await postJson(gateway, path, body);
    const text = await response.text();

    expect(response.status).toBeLessThan(500);
    expect(text).not.toContain('Internal error');
    if (response.status !== 200) {
      expect(JSON.parse(text)).toMatchObject({ error: { message: expect.stringMatching(/\w/) } });
    }
  });
});
