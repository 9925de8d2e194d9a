import OpenAI from 'openai';
import { ProjectSweep } from '@app/projects';
import { ConversationItems, Conversations, KeptResponses } from '@app/responses';
import { DATABASE, type SqlDatabase } from '@app/shared';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { checkResponsesStream } from './support/responses-stream-grammar.js';
import { IN_MEMORY } from './support/test-store.js';

const model = 'anthropic/claude-sonnet-5';
const TOO_MUCH = 'a'.repeat(2000);

let gateway: TestGateway;

afterEach(() => gateway?.stop());

function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return gateway.call('/v1/responses', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, ...body }),
  });
}

const kept = (id: unknown): Promise<Response> => gateway.call(`/v1/responses/${String(id)}`);

/** What its caller finds when it has ended. */
async function ended(body: object): Promise<unknown> {
  const begun = (await (await post({ background: true, ...body })).json()) as { id: string };
  return eventually(async () => {
    const response = (await (await kept(begun.id)).json()) as { status: string };
    expect(response.status).not.toBe('in_progress');
    return response;
  });
}

describe('an answer that is too large to keep', () => {
  beforeEach(async () => {
    gateway = await startGateway({ AI_GATEWAY_RESPONSES_LIMIT_BYTES: '1500' });
  });

  it('reaches its caller whole, and says that it was not kept', async () => {
    const response = await post({ input: TOO_MUCH });
    const body = (await response.json()) as Record<string, unknown>;

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=store');
    expect(body).toMatchObject({
      status: 'completed',
      store: false,
      x_llmhub: {
        warnings: [{ field: 'store', action: 'dropped', detail: expect.stringContaining('1500') }],
      },
    });
    expect((await kept(body['id'])).status).toBe(404);
  });

  it('reaches its caller streamed, and says so in its last event', async () => {
    const text = await (await post({ stream: true, input: TOO_MUCH })).text();
    const last = /event: response\.completed\ndata: (.*)\n/.exec(text)?.[1] ?? '{}';

    checkResponsesStream(text);
    expect(JSON.parse(last)).toMatchObject({
      response: { store: false, x_llmhub: { warnings: [{ field: 'store', action: 'dropped' }] } },
    });
  });

  it('is not even asked for when its caller insists', async () => {
    const before = gateway.simulator.requests().length;
    const response = await post({ store: true, input: TOO_MUCH });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'too_large_to_keep', param: 'store' } });
    expect(gateway.simulator.requests()).toHaveLength(before);
  });

  it('is not begun in the background', async () => {
    const response = await post({ background: true, input: TOO_MUCH });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'too_large_to_keep' } });
  });

  it('leaves its conversation as it was, and says so', async () => {
    const made = await gateway.call('/v1/conversations', { method: 'POST' });
    const { id } = (await made.json()) as { id: string };
    const response = await post({ input: TOO_MUCH, conversation: id });

    expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=conversation; dropped=store');
    expect(await response.json()).toMatchObject({ conversation: null, store: false });
    const items = await gateway.call(`/v1/conversations/${id}/items`);
    expect(await items.json()).toMatchObject({ data: [], has_more: false, first_id: null });
  });
});

describe('an answer in the background that is too large to keep', () => {
  beforeEach(async () => {
    gateway = await startGateway({ AI_GATEWAY_RESPONSES_LIMIT_BYTES: '1500' });
  });

  it('has failed, says why, and what it used', async () => {
    await expect(ended({ input: '[[sim:blob 2000]]' })).resolves.toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: expect.stringContaining('1500 are allowed') },
      output: [],
      usage: { output_tokens: 500 },
    });
  });

  it('says so of its conversation, too', async () => {
    const made = await gateway.call('/v1/conversations', { method: 'POST' });
    const { id } = (await made.json()) as { id: string };

    await expect(ended({ input: '[[sim:blob 2000]]', conversation: id })).resolves.toMatchObject({
      status: 'failed',
      conversation: null,
      x_llmhub: { warnings: [{ field: 'conversation', action: 'dropped' }] },
    });
  });
});

/** `store-outage` stops and freezes the servers of the other stores. */
describe('while the store takes nothing', () => {
  it('calls go on, and say that they are not kept', async () => {
    gateway = await startGateway(IN_MEMORY);
    await gateway.app.get<SqlDatabase>(DATABASE).sql.schema.dropTable('responses').execute();
    const response = await post({ input: 'Hi' });
    const body = (await response.json()) as Record<string, unknown>;

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=store');
    expect(body).toMatchObject({ status: 'completed', store: false });
    expect((await kept(body['id'])).status).toBe(503);
    expect((await post({ input: 'Hi', background: true })).status).toBe(503);
    expect((await post({ input: 'Hi', previous_response_id: body['id'] })).status).toBe(503);
  });
});

describe('a gateway that keeps nothing', () => {
  beforeEach(async () => {
    gateway = await startGateway({ AI_GATEWAY_RESPONSES_TTL_MS: '0' });
  });

  it('answers as before, and says that it keeps nothing', async () => {
    const response = await post({ input: 'Hi' });
    const body = (await response.json()) as Record<string, unknown>;

    expect(body).toMatchObject({ status: 'completed', store: false, x_llmhub: { warnings: [] } });
    expect((await kept(body['id'])).status).toBe(404);
    const made = await gateway.call('/v1/conversations', { method: 'POST' });
    expect([made.status, await made.json()]).toMatchObject([400, { error: { code: 'keeping_is_off' } }]);
  });

  it.each<[string, object]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['background', { background: true }],
    ['store', { store: true }],
  ])('refuses %s by name', async (field, asked) => {
    const response = await post({ input: 'Hi', ...asked });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'unsupported_fields', param: field } });
  });
});

describe('a response whose time is over', () => {
  it('is not found any more', async () => {
    gateway = await startGateway({ AI_GATEWAY_RESPONSES_TTL_MS: '1' });
    const openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const { id } = await openai.responses.create({ model, input: 'Hi' });
    const failure: unknown = await openai.responses.retrieve(id).catch((error: unknown) => error);
    const next: unknown = await openai.responses
      .create({ model, input: 'Hi', previous_response_id: id })
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({ status: 404, code: 'response_not_found' });
    expect(next).toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });
});

describe('what a project has', () => {
  it('goes with the project', async () => {
    gateway = await startGateway({ AI_GATEWAY_PROJECT_GRACE_MS: '0' });
    const { body } = await gateway.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
      name: 'leaving',
    });
    const openai = new OpenAI({ apiKey: body.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const conversation = await openai.conversations.create({ items: [{ role: 'user', content: 'Hi' }] });
    const { id } = await openai.responses.create({ model, input: 'Hi' });
    const keeper = gateway.app.get(KeptResponses);
    await expect(keeper.get(body.id, id)).resolves.toMatchObject({ id });
    await gateway.admin('DELETE', `/admin/projects/${body.id}`);
    await gateway.app.get(ProjectSweep).run();

    await expect(keeper.get(body.id, id)).rejects.toThrow('not found');
    await expect(gateway.app.get(Conversations).get(body.id, conversation.id)).rejects.toThrow('not found');
    await expect(gateway.app.get(ConversationItems).all(conversation.id)).resolves.toEqual([]);
  });
});
