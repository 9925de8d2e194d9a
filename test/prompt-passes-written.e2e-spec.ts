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

const JSON_TEXT = '{\n  "a": 1.0,\n  "b": [ 1, 2 ]\n}';
const SHORT_TEXT = '{"a":1.0,"b":[1,2]}';

/** Bodies that nobody who writes a prompt anew would spell so, and what comes in a later call, which no reader here knows. */
const SPELLED: readonly (readonly [path: string, list: string, body: object, later: object[]])[] = [
  [
    '/v1beta/models/gemini-2.5-flash:generateContent',
    'contents',
    {
      system_instruction: { parts: [{ text: longText('one who looks') }] },
      tools: [
        {
          functionDeclarations: [
            { name: 'a' },
            { name: 'b', parameters: { type: 'OBJECT', nullable: true } },
          ],
        },
      ],
      generationConfig: { temperature: 1, topK: 40 },
      contents: [
        { role: 'user', parts: [{ text: 'Look.' }] },
        { role: 'model', parts: [{ functionCall: { name: 'b', args: { x: 1 } }, thoughtSignature: 'c2ln' }] },
        {
          role: 'user',
          parts: [{ text: JSON_TEXT }, { functionResponse: { name: 'b', response: { result: 'so' } } }],
        },
      ],
    },
    [
      { role: 'model', parts: [{ text: 'I ' }, { text: 'see.' }] },
      { role: 'user', parts: [{ text: 'And?', partMetadata: { a: 1 } }, { newThing: {} }] },
    ],
  ],
  [
    '/v1/messages',
    'messages',
    {
      model: 'anthropic/claude-sonnet-4-5',
      max_tokens: 10,
      system: longText('one who looks'),
      output_format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } },
      messages: [
        { role: 'user', content: 'Look.' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'b', input: { 2: 1, 1: 2 } }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'See:' },
            { type: 'tool_result', tool_use_id: 't1', is_error: false, content: JSON_TEXT },
          ],
        },
      ],
    },
    [
      { role: 'assistant', content: [{ type: 'text', text: 'I see.' }] },
      {
        role: 'user',
        content: [
          { type: 'new_thing', q: 1 },
          { type: 'text', text: 'And?' },
        ],
      },
    ],
  ],
  [
    '/v1/chat/completions',
    'messages',
    {
      model: 'openai/gpt-4o',
      messages: [
        { role: 'system', content: longText('one who looks') },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ function: { arguments: '{ "x" : 1 }', name: 'b' }, type: 'function', id: 'c1' }],
        },
        { role: 'tool', content: JSON_TEXT, tool_call_id: 'c1' },
      ],
      tools: [{ function: { name: 'b', parameters: { title: 'B', type: 'object' } }, type: 'function' }],
    },
    [
      { role: 'assistant', content: 'x', new_one: [] },
      { content: [{ type: 'new_thing', q: 1 }], role: 'user' },
    ],
  ],
];

/** As a vendor is to get it. */
const cut = (json: object): object => {
  const { model = '', ...rest } = JSON.parse(
    JSON.stringify(json).replace(JSON.stringify(JSON_TEXT), JSON.stringify(SHORT_TEXT)),
  ) as Record<string, unknown>;
  return { ...rest, ...(model !== '' && { model: (model as string).split('/')[1] }) };
};

describe('prompt passes, on their way to the vendor', () => {
  it.each(SPELLED)(
    'change nothing but the texts that they cut at %s, in any call',
    async (path, list, body, later) => {
      const key = await keyWith(gateway, [
        'cache_marks',
        'json_whitespace',
        'duplicate_context',
        'tool_order',
      ]);
      const sent = async (json: object): Promise<Record<string, unknown>> => {
        await fetch(gateway.url + path, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify(json),
        }); // whether the vendor knows all of it is its affair
        return bodySent();
      };
      const longer = { ...body, [list]: [...((body as Record<string, unknown[]>)[list] ?? []), ...later] };

      expect(await sent(body)).toEqual(cut(body));
      expect(await sent(longer)).toEqual(cut(longer));
    },
  );

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
