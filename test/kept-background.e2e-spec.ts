import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import OpenAI from 'openai';
import { DATABASE, type Database, type SqlDatabase } from '@app/shared';
import { encryptionKey } from './support/encryption-key.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { removeData, storeEnvironment } from './support/test-store.js';
import { usageOf } from './support/usage.js';

type Response = OpenAI.Responses.Response;

const model = 'anthropic/claude-sonnet-5';
/** Long enough to be stopped in the middle. */
const SLOW = 'Hello [[sim:fault delay=20000]]';

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = clientAt(gateway);
});

afterAll(() => gateway?.stop());

function clientAt({ url, projectKey }: TestGateway): OpenAI {
  return new OpenAI({ apiKey: projectKey, baseURL: `${url}/v1`, maxRetries: 0 });
}

const begin = (input: string, more: object = {}): Promise<Response> =>
  openai.responses.create({ model, input, background: true, ...more });

function ended(id: string, client = openai): Promise<Response> {
  return eventually(async () => {
    const response = await client.responses.retrieve(id);
    expect(response.status).not.toBe('in_progress');
    return response;
  });
}

/** The usage record of the call, whose id is in that of the response. */
const recordOf = (id: string): ReturnType<typeof usageOf> =>
  usageOf(gateway, id.replace(/^resp_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));

describe('a response in the background', () => {
  it('is an open call until it is done', async () => {
    const keys = `/admin/projects/${gateway.projectId}/api-keys`;
    const { body } = await gateway.admin<{ key: string }>('POST', keys, { name: 'one', concurrentCalls: 1 });
    const one = clientAt({ ...gateway, projectKey: body.key });
    const ask = (input: string): Promise<Response> =>
      one.responses.create({ model, input, background: true });
    const first = await ask('Hello [[sim:fault delay=700]]');

    await expect(ask('Hi')).rejects.toMatchObject({ status: 429 });
    await ended(first.id);
    await expect(eventually(() => ask('Hi'))).resolves.toMatchObject({ status: 'in_progress' });
  });

  it('is answered at once, and there when it is done', async () => {
    const first = await begin('Good morning [[sim:fault delay=300]]', { metadata: { topic: 'x' } });
    const done = await ended(first.id);

    expect(first).toMatchObject({ status: 'in_progress', background: true, output: [], usage: null });
    expect(done).toMatchObject({
      id: first.id,
      status: 'completed',
      background: true,
      created_at: first.created_at,
      metadata: { topic: 'x' },
      x_llmhub: { provider: 'anthropic' },
    });
    expect(JSON.stringify(done.output)).toContain('Good morning');
    expect(done.usage?.output_tokens).toBeGreaterThan(0);
    expect(await recordOf(first.id)).toMatchObject({
      outcome: 'completed',
      status: 200,
      endpoint: '/v1/responses',
      outputTokens: done.usage?.output_tokens,
    });
  });

  it('is gone on from when it is done, and not before', async () => {
    const { id } = await begin('I am Ada. [[sim:fault delay=300]]');
    const early: unknown = await openai.responses
      .create({ model, input: 'Who am I?', previous_response_id: id })
      .catch((error: unknown) => error);
    await ended(id);
    await openai.responses.create({ model, input: 'Who am I?', previous_response_id: id });

    expect(early).toMatchObject({ status: 400, code: 'previous_response_not_completed' });
    expect(JSON.stringify(gateway.simulator.requests().at(-1)?.body)).toContain('I am Ada.');
  });

  it('tells what the vendor had against it', async () => {
    const { id } = await begin('Hi [[sim:fault status=429]]');

    await expect(ended(id)).resolves.toMatchObject({
      status: 'failed',
      error: { code: 'rate_limit_exceeded' },
      output: [],
    });
    expect(await recordOf(id)).toMatchObject({ outcome: 'failed', status: 429 });
  });

  it('is not begun when the request is wrong', async () => {
    const failure: unknown = await begin('Hi', { temperature: 'warm' }).catch((error: unknown) => error);

    expect(failure).toMatchObject({ status: 400, param: 'temperature' });
  });

  it('is cancelled, which stops the vendor', async () => {
    const before = gateway.simulator.aborted().length;
    const { id } = await begin(SLOW);
    await eventually(() =>
      expect(JSON.stringify(gateway.simulator.requests().at(-1)?.body)).toContain('delay=20000'),
    );
    const cancelled = await openai.responses.cancel(id);
    await gateway.simulator.untilAborted(before + 1);

    expect(cancelled).toMatchObject({ id, status: 'cancelled' });
    await expect(openai.responses.cancel(id)).resolves.toMatchObject({ status: 'cancelled' });
    await expect(openai.responses.retrieve(id)).resolves.toMatchObject({ status: 'cancelled' });
    expect(await recordOf(id)).toMatchObject({ outcome: 'aborted', errorCode: 'response_cancelled' });
  });

  it('that is deleted stops, too', async () => {
    const before = gateway.simulator.aborted().length;
    const { id } = await begin(SLOW);
    await eventually(() =>
      expect(JSON.stringify(gateway.simulator.requests().at(-1)?.body)).toContain('delay=20000'),
    );
    await openai.responses.delete(id);
    await gateway.simulator.untilAborted(before + 1);

    const gone: unknown = await openai.responses.retrieve(id).catch((error: unknown) => error);
    expect(gone).toMatchObject({ status: 404 });
  });

  it('is the only one that can be cancelled', async () => {
    const { id } = await openai.responses.create({ model, input: 'Hi' });
    const failure: unknown = await openai.responses.cancel(id).catch((error: unknown) => error);

    expect(failure).toMatchObject({ status: 400 });
  });

  it('is one of a limited number', async () => {
    const { body } = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', { name: 'busy' });
    const busy = new OpenAI({ apiKey: body.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const asked = { model, input: SLOW, background: true };
    const begun = await Promise.all(Array.from({ length: 100 }, () => busy.responses.create(asked)));
    const failure: unknown = await busy.responses.create(asked).catch((error: unknown) => error);
    await Promise.all(begun.map(({ id }) => busy.responses.cancel(id)));

    expect(failure).toMatchObject({ status: 429, code: 'too_many_background_responses' });
    await expect(busy.responses.create({ ...asked, input: 'Hi' })).resolves.toMatchObject({
      status: 'in_progress',
    });
  });

  it('stands in its conversation when it is done', async () => {
    const { id: conversation } = await openai.conversations.create();
    const { id } = await begin('I am Ada.', { conversation });
    await ended(id);
    const items = await eventually(async () => {
      const { data } = await openai.conversations.items.list(conversation, { order: 'asc' });
      expect(data).toHaveLength(2);
      return data;
    });

    expect(JSON.stringify(items)).toContain('I am Ada.');
  });
});

/** What is the first project's, asked with its key at the next gateway. */
const next = (first: TestGateway, second: TestGateway): OpenAI =>
  new OpenAI({ apiKey: first.projectKey, baseURL: `${second.url}/v1`, maxRetries: 0 });

describe('after its gateway has stopped', () => {
  let dataDir: string;
  let store: Record<string, string>;

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-background-'));
    store = await storeEnvironment(dataDir);
  });
  afterEach(() => removeData(dataDir));

  it('an unfinished one has failed, and says why', async () => {
    const shared = { ...store, AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7) };
    const first = await startGateway(shared);
    const { id } = await clientAt(first).responses.create({ model, input: SLOW, background: true });
    await first.stop();
    const second = await startGateway(shared);
    try {
      await expect(next(first, second).responses.retrieve(id)).resolves.toMatchObject({
        status: 'failed',
        error: { code: 'server_error', message: expect.stringContaining('shutting down') },
      });
    } finally {
      await second.stop();
    }
  });

  it('one that it could not end itself has failed when its time is over', async () => {
    const shared = { ...store, AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7) };
    const first = await startGateway(shared);
    const { id } = await clientAt(first).responses.create({ model, input: 'Hi', background: true });
    await ended(id, clientAt(first));
    await orphan(first, id);

    await expect(clientAt(first).responses.retrieve(id)).resolves.toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: expect.stringContaining('has stopped') },
    });
    await first.stop();
  });
});

/** The record as a killed gateway leaves it. */
async function orphan({ app }: TestGateway, id: string): Promise<void> {
  const database = app.get<Database>(DATABASE);
  if (database.kind === 'mongo') {
    const { responseSchema } = await import('../libs/responses/src/infrastructure/response.schema.js');
    const model = await database.model(responseSchema);
    await model.updateOne({ _id: id }, { $set: { status: 'in_progress', leaseUntil: 1 } });
    return;
  }
  await (database as SqlDatabase).sql
    .updateTable('responses')
    .set({ status: 'in_progress', lease_until: 1 })
    .where('id', '=', id)
    .execute();
}
