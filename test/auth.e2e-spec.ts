import OpenAI, { AuthenticationError } from 'openai';
import { DATABASE, type Database } from '@app/shared';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';

const QUESTION = { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Hi' }] };

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

function ask(headers: Record<string, string>, query = ''): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(QUESTION),
  });
}

describe('the door', () => {
  it('opens to the key in every place where SDKs put it', async () => {
    const key = gateway.projectKey;
    const answers = await Promise.all([
      ask({ authorization: `Bearer ${key}` }),
      ask({ 'x-api-key': key }),
      ask({ 'x-goog-api-key': key }),
      ask({}, `?key=${key}`),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('raises the error class of the SDK for a wrong key, with a request id', async () => {
    const openai = new OpenAI({ apiKey: 'pk_wrong', baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const error = await openai.chat.completions
      .create({ model: QUESTION.model, messages: [{ role: 'user', content: 'Hi' }] })
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ code: 'invalid_api_key', requestID: expect.stringMatching(/-7/) });
  });

  it('speaks the dialect of the URL, also where nothing is yet', async () => {
    const [openai, anthropic, gemini] = await Promise.all(
      ['/v1/nothing', '/v1/messages/nothing', '/v1beta/nothing'].map(async at => {
        const response = await gateway.call(at, { method: 'POST' });
        expect([response.status, Boolean(response.headers.get('x-request-id'))]).toEqual([404, true]);
        return response.json();
      }),
    );

    expect(openai).toMatchObject({ error: { type: 'invalid_request_error', code: 'unknown_url' } });
    expect(anthropic).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
    expect(gemini).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } });
  });

  it('closes to a revoked key and a suspended project', async () => {
    const project = await gateway.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
      name: 'other',
    });
    const { id, apiKey } = project.body;
    const at = `/admin/projects/${id}`;
    const issued = await gateway.admin<{ id: string; key: string }>('POST', `${at}/api-keys`, {
      name: 'second',
    });
    const second = { authorization: `Bearer ${issued.body.key}` };

    expect((await ask(second)).status).toBe(200);
    await gateway.admin('DELETE', `${at}/api-keys/${issued.body.id}`);
    await eventually(async () => expect((await ask(second)).status).toBe(401), 2000);
    await gateway.admin('POST', `${at}/suspend`);
    await eventually(
      async () => expect((await ask({ authorization: `Bearer ${apiKey}` })).status).toBe(403),
      2000,
    );
  });

  it.each([
    ['no JSON', '{"model": '],
    ['a list', '[]'],
    ['a number', '7'],
    ['a model of the wrong kind', '{"model": 7}'],
    ['messages of the wrong kind', '{"model": "openai/gpt-4.1-mini", "messages": {"__proto__": []}}'],
    [
      'a deep well',
      `{"model": "anthropic/claude-sonnet-5", "messages": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    ],
    ['NUL bytes', '\0\0\0'],
    [
      'parts of nothing',
      '{"model": "google/gemini-2.5-flash", "messages": [{"role": "user", "content": [null, 1, {}]}]}',
    ],
  ])('answers %s with 400 that says what to send', async (_, body) => {
    const response = await gateway.chat(body);

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { message: expect.stringMatching(/\.$/) },
    });
  });

  it('refuses a body over the limit', async () => {
    const response = await gateway.chat({ ...QUESTION, x: 'y'.repeat(60 * 1024 * 1024) }).catch(() => null);

    expect(response === null || response.status === 413).toBe(true);
    expect((await ask({ authorization: `Bearer ${gateway.projectKey}` })).status).toBe(200);
  });
});

describe('without its store', () => {
  it('goes on for known keys, and says 503 to others', async () => {
    const known = { authorization: `Bearer ${gateway.projectKey}` };
    expect((await ask(known)).status).toBe(200);
    await gateway.app.get<Database>(DATABASE).close();
    const unknown = await ask({ authorization: `Bearer pk_${'0'.repeat(48)}` });

    expect((await ask(known)).status).toBe(200);
    expect(unknown.status).toBe(503);
    expect(unknown.headers.get('retry-after')).toBe('1');
    expect((await gateway.admin('GET', '/admin/projects')).status).toBe(503);
    const ready = await fetch(`${gateway.url}/health/ready`);
    expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  });
});
