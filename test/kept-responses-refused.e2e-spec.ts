import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = clientOf(gateway.projectKey);
});

afterAll(() => gateway?.stop());

function clientOf(apiKey: string): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
}

const failureOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

describe('a bad request', () => {
  const model = 'anthropic/claude-sonnet-5';

  it.each<[string, object]>([
    ['store', { store: 'yes' }],
    ['previous_response_id', { previous_response_id: 7 }],
    ['conversation', { conversation: {} }],
    ['conversation', { conversation: 'conv_1', previous_response_id: 'resp_1' }],
    ['background', { background: 'yes' }],
    ['background', { background: true, store: false }],
    ['background', { background: true, stream: true }],
  ])('hears that %s is wrong in %j', async (param, asked) => {
    const response = await gateway.call('/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, input: 'Hi', ...asked }),
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param, type: 'invalid_request_error' } });
  });

  it('is told which of its own items is wrong, whatever was said before', async () => {
    const { id } = await openai.responses.create({ model, input: 'Hi' });
    const input = [
      { role: 'user', content: 'Hi' },
      { role: 'robot', content: 'Hi' },
    ] as never;

    await expect(
      failureOf(openai.responses.create({ model, previous_response_id: id, input })),
    ).resolves.toMatchObject({ status: 400, param: 'input[1].role' });
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'order=up', 'after='])(
    'for a list is refused: %s',
    async query => {
      const { id } = await openai.responses.create({ model, input: 'Hi' });
      const response = await gateway.call(`/v1/responses/${id}/input_items?${query}`);

      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: query.split('=')[0] } });
    },
  );

  it('for a stream of what is kept is refused', async () => {
    const { id } = await openai.responses.create({ model, input: 'Hi' });

    await expect(failureOf(openai.responses.retrieve(id, { stream: true }))).resolves.toMatchObject({
      status: 400,
      code: 'not_streamable',
    });
  });
});

describe('a list of input items', () => {
  it('comes in pages, both ways', async () => {
    const input = Array.from({ length: 45 }, (_item, index) => ({
      role: 'user' as const,
      content: `item ${index}`,
    }));
    const { id } = await openai.responses.create({ model: 'anthropic/claude-sonnet-5', input });
    const texts: string[] = [];
    for await (const item of openai.responses.inputItems.list(id, { order: 'asc', limit: 20 })) {
      texts.push(JSON.stringify(item));
    }
    const latest = await openai.responses.inputItems.list(id, { limit: 1 });

    expect(texts).toHaveLength(45);
    expect(texts.every((text, index) => text.includes(`"item ${index}"`))).toBe(true);
    expect(JSON.stringify(latest.data)).toContain('"item 44"');
    expect(latest.has_more).toBe(true);
    const unknown = openai.responses.inputItems.list(id, { after: 'msg_unknown' });
    await expect(failureOf(Promise.resolve(unknown))).resolves.toMatchObject({ status: 404 });
  });
});

describe('another project, and a key with a scope', () => {
  it('see nothing of it', async () => {
    const { id } = await openai.responses.create({ model: 'anthropic/claude-sonnet-5', input: 'A secret' });
    const { body } = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', { name: 'other' });
    const stranger = clientOf(body.apiKey);
    const narrow = await gateway.admin<{ key: string }>(
      'POST',
      `/admin/projects/${gateway.projectId}/api-keys`,
      { name: 'narrow', allowedModels: ['google/*'] },
    );
    const scoped = clientOf(narrow.body.key);
    const asked = { model: 'google/gemini-3-pro', input: 'Hi', previous_response_id: id };

    for (const call of [
      stranger.responses.retrieve(id),
      stranger.responses.delete(id),
      stranger.responses.cancel(id),
      stranger.responses.inputItems.list(id),
    ]) {
      await expect(failureOf(Promise.resolve(call))).resolves.toMatchObject({ status: 404 });
    }
    await expect(failureOf(stranger.responses.create(asked))).resolves.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
    });
    await expect(failureOf(scoped.responses.retrieve(id))).resolves.toMatchObject({ status: 403 });
    await expect(failureOf(scoped.responses.create(asked))).resolves.toMatchObject({ status: 403 });
    await expect(openai.responses.retrieve(id)).resolves.toMatchObject({ id });
  });
});
