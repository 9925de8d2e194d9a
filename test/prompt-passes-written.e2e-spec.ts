import { startGateway, type TestGateway } from './support/gateway.js';
import { keyWith } from './prompt-passes/key-with.js';
import { usageOf } from './support/usage.js';

const longText = (name: string): string => `You are ${name}. `.padEnd(24_000, 'lorem ipsum ');

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway?.stop());

const bodySent = () => gateway.simulator.requests().at(-1)?.body as Record<string, unknown>;

/** A tool is called twice, and returns the same. */
const messagesWith = (returned: string) => [
  { role: 'user', content: longText('one who looks') },
  ...['call_1', 'call_2'].flatMap(id => [
    {
      role: 'assistant',
      tool_calls: [{ id, type: 'function', function: { name: 'look', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: id, content: returned },
  ]),
];
const itemsWith = (returned: string) => [
  { role: 'user', content: longText('one who looks') },
  ...['call_1', 'call_2'].flatMap(id => [
    { type: 'function_call', call_id: id, name: 'look', arguments: '{}' },
    { type: 'function_call_output', call_id: id, output: returned },
  ]),
];

describe('prompt passes, on their way to the vendor', () => {
  it.each([
    ['/v1/chat/completions', 'openai/gpt-4o'],
    ['/v1/chat/completions', 'anthropic/claude-sonnet-4-5'],
    ['/v1/responses', 'openai/gpt-4o'],
  ])('leave out what says nothing at %s of %s, and tell what that saved', async (path, model) => {
    const key = await keyWith(gateway, ['json_whitespace', 'duplicate_context']);
    const rows = JSON.stringify(
      Array.from({ length: 200 }, (_, at) => ({ at, name: 'row' })),
      null,
      2,
    );
    const sent = path.endsWith('responses') ? { input: itemsWith(rows) } : { messages: messagesWith(rows) };
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, ...sent }),
    });
    const answer = (await response.json()) as { x_llmhub: { savings: Record<string, number> } };
    const written = JSON.stringify(gateway.simulator.requests().at(-1)?.body);

    expect(response.status).toBe(200);
    expect(written.split(JSON.stringify(JSON.stringify(JSON.parse(rows))))).toHaveLength(2);
    expect(written).toContain('[Unchanged: this result is word for word');
    const { savings } = answer.x_llmhub;
    expect(savings).toEqual({
      json_whitespace_usd: expect.any(Number),
      duplicate_context_usd: expect.any(Number),
      estimated: true,
    });
    const { json_whitespace_usd: json = 0, duplicate_context_usd: duplicates = 0 } = savings;
    expect(Math.min(json, duplicates)).toBeGreaterThan(0);
    const { savedNanoUsd } = await usageOf(gateway, response.headers.get('x-request-id'));
    expect(savedNanoUsd).toBe(Math.round((json + duplicates) * 1e9));
  });

  it.each([
    ['/v1/chat/completions', (said: object[]) => ({ messages: said })],
    ['/v1/responses', (said: object[]) => ({ input: said })],
  ])('give OpenAI a key for a conversation at %s, unless its caller has', async (path, bodyOf) => {
    const key = await keyWith(gateway, ['prompt_cache_key']);
    const keyFor = async (more: object, ...said: string[]): Promise<unknown> => {
      const messages = said.map((content, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content }));
      const response = await fetch(gateway.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'openai/gpt-4o', ...bodyOf(messages), ...more }),
      });
      expect(response.status).toBe(200);
      const { prompt_cache_key: sent, ...others } = bodySent();
      expect(others).toMatchObject({ ...bodyOf(messages), model: 'gpt-4o' });
      return sent;
    };
    const [one, other] = [longText(`one at ${path}`), longText(`other at ${path}`)];
    const first = await keyFor({}, one);

    expect(first).toMatch(/^[0-9a-f]{32}$/);
    await expect(keyFor({}, one, 'Well.', 'And?')).resolves.toBe(first);
    await expect(keyFor({}, other)).resolves.not.toBe(first);
    await expect(keyFor({ prompt_cache_key: 'mine' }, one)).resolves.toBe('mine');
    await expect(keyFor({}, 'Short.')).resolves.toBeUndefined();
  });
});
