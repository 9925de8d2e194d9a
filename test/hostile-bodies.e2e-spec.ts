import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { startGateway, type TestGateway } from './support/gateway.js';

const MODELS = ['openai/gpt-4.1-mini', 'anthropic/claude-sonnet-5', 'google/gemini-3-pro'];
const JSON_TYPE = { 'content-type': 'application/json' };
const MIB = 1024 * 1024;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

const well = (open: string, close: string): string => open.repeat(100_000) + close.repeat(100_000);
const SAY_HI = '"messages": [{"role": "user", "content": "Hi"}]';

async function expectClean(response: Response): Promise<void> {
  const text = await response.text();
  if (response.status !== 200) {
    expect(JSON.parse(text)).toMatchObject({ error: { message: expect.stringMatching(/\w/) } });
  }
  expect(text).not.toContain('Internal error');
  expect(response.status).not.toBe(500);
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
}

describe.each(MODELS)('a hostile body for %s', model => {
  const with_ = (members: string): string => `{"model": "${model}", ${SAY_HI}, ${members}}`;
  const tool = (parameters: string): string =>
    with_(`"tools": [{"type": "function", "function": {"name": "f", "parameters": ${parameters}}}]`);

  it.each([
    ['deep parameters of a tool', tool(well('{"a":', '}').replace(':}', ':1}'))],
    ['a deep list in a tool', tool(`{"type": "object", "x": ${well('[', ']')}}`)],
    [
      'a deep schema',
      with_(
        `"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"a": ${well('[', ']')}}}}`,
      ),
    ],
    ['deep metadata', with_(`"metadata": ${well('[', ']')}`)],
    ['an unknown deep field', with_(`"x_future": ${well('{"a":', '}').replace(':}', ':1}')}`)],
    ['deep content', `{"model": "${model}", "messages": [{"role": "user", "content": ${well('[', ']')}}]}`],
    [
      'arguments that are a deep list',
      `{"model": "${model}", "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": ${JSON.stringify(`{"a":${well('[', ']')}}`)}}}]}, {"role": "tool", "tool_call_id": "c", "content": "x"}]}`,
    ],
    ['a prototype', with_('"__proto__": {"stream": true}, "constructor": {"prototype": {"x": 1}}')],
    [
      'fields of wrong kinds',
      with_('"tools": 7, "stop": {}, "temperature": "hot", "n": [], "stream_options": 3'),
    ],
    ['nulls all over', `{"model": "${model}", "messages": [null], "tools": [null], "stop": null}`],
    ['text with NUL', `{"model": "${model}", "messages": [{"role": "user", "content": "a\\u0000b"}]}`],
    ['a lone surrogate', `{"model": "${model}", "messages": [{"role": "user", "content": "a\\ud800b"}]}`],
    ['a number beyond all', with_('"seed": 1e999, "max_tokens": -1e999')],
    ['a model twice', `{"model": "${model}", "model": "${model}", ${SAY_HI}}`],
  ])('(%s) never breaks the gateway', async (_what, body) => {
    await expectClean(await gateway.chat(body));
  });
});

function send(bytes: Buffer, encoding: string): Promise<Response> {
  return gateway.call('/v1/chat/completions', {
    method: 'POST',
    headers: { ...JSON_TYPE, 'content-encoding': encoding },
    body: new Uint8Array(bytes),
  });
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < 60; sent++) {
    yield new Uint8Array(MIB);
  }
}

describe('the encoding of a body', () => {
  const body = `{"model": "${MODELS[0]}", ${SAY_HI}}`;
  it.each([
    ['gzip', gzipSync(body), 200],
    ['GZIP', gzipSync(body), 200],
    ['deflate', deflateSync(body), 200],
    ['zstd', zstdCompressSync(body), 200],
    ['identity', Buffer.from(body), 200],
    ['gzip', Buffer.from(body), 400],
    ['gzip', gzipSync(body).subarray(0, 20), 400],
    ['rot13', Buffer.from(body), 415],
    ['constructor', Buffer.from(body), 415],
    ['gzip', gzipSync(Buffer.alloc(60 * MIB)), 413],
  ])('%s is read or refused', async (encoding, bytes, status) => {
    const response = await send(bytes, encoding);

    expect(response.status).toBe(status);
    await expectClean(response);
  });

  it('and its size are held to the limit, told or not', async () => {
    const response = await gateway.call('/v1/chat/completions', {
      method: 'POST',
      headers: JSON_TYPE,
      body: pieces() as unknown as ReadableStream,
      duplex: 'half',
    } as RequestInit);

    expect(response.status).toBe(413);
    await expectClean(response);
  });

  it('does not matter to a caller without a key', async () => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: new Uint8Array(MIB),
    });

    expect(response.status).toBe(401);
  });
});

describe('the management API', () => {
  it.each([
    ['no JSON', '{"name": ', 400],
    ['a list', '[]', 400],
    ['a text', '"name"', 400],
    ['a deep well', `{"name": ${well('[', ']')}}`, 400],
    ['a deep well of objects', `{"name": "x", "strict": ${well('{"a":', '}').replace(':}', ':1}')}}`, 400],
    ['two megabytes', `{"name": "${'x'.repeat(2 * MIB)}"}`, 413],
  ])('answers %s as the fault of the caller', async (_what, body, status) => {
    const response = await fetch(`${gateway.url}/admin/projects`, {
      method: 'POST',
      headers: { ...JSON_TYPE, authorization: 'Bearer ak_test_0123456789abcdef0123456789abcdef' },
      body,
    });

    expect(response.status).toBe(status);
    await expectClean(response);
  });

  it('takes nothing from a prototype', async () => {
    const { status, body } = await gateway.admin(
      'POST',
      '/admin/projects',
      JSON.parse('{"name": "x", "__proto__": {"strict": true}}'),
    );

    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { param: '__proto__' } });
  });

  it('names each field that is wrong', async () => {
    const { status, body } = await gateway.admin<{ error: { message: string; param: string } }>(
      'POST',
      '/admin/projects',
      { name: 7, strict: 'perhaps', fileLimitBytes: -1, colour: 'red' },
    );

    expect(status).toBe(400);
    for (const field of ['name', 'strict', 'fileLimitBytes', 'colour']) {
      expect(body.error.message).toContain(field);
    }
  });

  it.each([
    '/admin/projects/%E0%A4%A',
    '/%00',
    '/v1/%ff',
    '/v1/chat/completions/',
    '/admin/usage?limit=0',
    '/nothing?key=%',
  ])('and every other address (%s) answers in JSON with a request id', async at => {
    const response = await fetch(gateway.url + at, {
      headers: { authorization: 'Bearer ak_test_0123456789abcdef0123456789abcdef' },
    });

    expect([400, 404]).toContain(response.status);
    await expectClean(response);
  });
});

describe('before a body is parsed', () => {
  it('its depth is looked at: megabytes of brackets cost nothing', async () => {
    const deep = '['.repeat(5 * MIB) + ']'.repeat(5 * MIB);
    const response = await gateway.chat(`{"model": "openai/gpt-4.1-mini", ${SAY_HI}, "metadata": ${deep}}`);

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { code: 'nested_too_deeply' } });
  });

  it('brackets in text are no depth', async () => {
    const content = `${'['.repeat(1000)} \\" ${'{'.repeat(1000)}`;
    const response = await gateway.chat({
      model: 'openai/gpt-4.1-mini',
      messages: [{ role: 'user', content }],
    });

    expect(response.status).toBe(200);
  });
});

describe('heads stay small', () => {
  it('however long the name of a model is', async () => {
    const response = await gateway.chat(`{"model": "openai/${'a'.repeat(20_000)}", ${SAY_HI}}`);

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { param: 'model' } });
  });

  it('however many fields are lost', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`field_${at}`, at]));
    const response = await gateway.chat({
      model: 'google/gemini-2.5-flash',
      messages: [{ role: 'user', content: 'Hi' }],
      ...unknown,
    });
    const body = (await response.json()) as { x_llmhub: { warnings: unknown[] } };

    expect(response.headers.get('x-llmhub-warnings')?.length).toBeLessThan(4096);
    expect(response.headers.get('x-llmhub-warnings')).toMatch(/; and \d+ more$/);
    expect(body.x_llmhub.warnings.length).toBeGreaterThanOrEqual(3000);
  });
});

it.each(MODELS)('a redirect of %s is no answer and no fault of the caller', async model => {
  const response = await gateway.chat({
    model,
    messages: [{ role: 'user', content: '[[sim:fault status=302]]' }],
  });

  expect(response.status).toBe(502);
});

it('a filter that is given twice is refused by its name', async () => {
  const { status, body } = await gateway.admin('GET', '/admin/usage?provider=openai&provider=anthropic');

  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain('provider');
});
