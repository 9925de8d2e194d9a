import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { UsageRecorder } from '@app/analytics';
import { type ChaosGateway, MODEL, startChaosGateway } from './support/chaos.js';
import { usageOf } from './support/usage.js';
import { ON_SERVER, storeEnvironment } from './support/test-store.js';

const run = promisify(execFile);

let gateway: ChaosGateway;

beforeAll(async () => {
  gateway = await startChaosGateway();
  await gateway.makePolicy({ name: 'chat', fallbacks: { contextWindow: ['cerebras/long'] } });
});
beforeEach(() => {
  gateway.simulator.reset();
  gateway.affordRetries('chat');
});
afterAll(() => gateway?.stop());

async function keyFor(scope: object): Promise<Record<string, string>> {
  const at = `/admin/projects/${gateway.projectId}/api-keys`;
  const { body } = await gateway.admin<{ key: string }>('POST', at, { name: 'scoped', ...scope });
  return { authorization: `Bearer ${body.key}` };
}

describe('a policy opens no vendor that the key may not use', () => {
  it('goes to those of its targets that are open', async () => {
    const headers = await keyFor({ allowedVendors: ['fireworks'] });
    gateway.simulator.chaos([{ vendor: 'fireworks', fault: 'status=503,times=1' }]);
    const answers = await gateway.askMany(10, { model: 'chat', headers }, 1);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(gateway.upstreamCalls()).toEqual({ together: 0, fireworks: 11, cerebras: 0 });
  });

  it.each([{ allowedVendors: ['openai'] }, { allowedModels: ['together/other-*'] }])(
    'is refused when none is (%j)',
    async scope => {
      const headers = await keyFor(scope);
      await expect(gateway.ask({ model: 'chat', headers })).resolves.toMatchObject({ status: 403 });
      expect(gateway.upstreamCalls()).toEqual({ together: 0, fireworks: 0, cerebras: 0 });
    },
  );

  it('nor do its fallbacks, the models of a request, or the endings of names', async () => {
    const headers = await keyFor({ allowedModels: [`together/${MODEL}`] });
    gateway.simulator.chaos([{ vendor: 'together', fault: 'context' }]);
    await expect(gateway.ask({ model: 'chat', headers })).resolves.toMatchObject({ status: 403 });
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=500' }]);
    const models = { ...headers, 'x-llmhub-models': `fireworks/${MODEL}` };
    const answer = await gateway.ask({ model: `together/${MODEL}`, headers: models });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const floor = await gateway.ask({ model: `fireworks/${MODEL}:floor`, headers });
    expect(floor.status).toBe(403);
    expect(gateway.upstreamCalls()).toMatchObject({ fireworks: 0, cerebras: 0 });
  });
});

describe('a policy that the key names', () => {
  const nowhere = { together: 0, fireworks: 0, cerebras: 0 };

  beforeAll(async () => {
    for (const name of ['another', `openai/${MODEL}`, 'gpt-5-mini']) {
      await gateway.makePolicy({ name });
    }
  });

  it('is open with all of its targets', async () => {
    const headers = await keyFor({ allowedModels: ['chat'] });
    await expect(gateway.ask({ model: 'chat', headers })).resolves.toMatchObject({ status: 200 });
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=500' }]);
    await expect(gateway.ask({ model: 'chat', headers, stream: true })).resolves.toMatchObject({
      status: 200,
      code: null,
    });
    await expect(gateway.ask({ model: 'chat:floor', headers })).resolves.toMatchObject({ status: 200 });
    expect(gateway.upstreamCalls()).toMatchObject({ fireworks: expect.any(Number), cerebras: 0 });
    const models = await gateway.call('/v1/models', { headers });
    const { data } = (await models.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(['chat']);
  });

  it('has its fallbacks open, too', async () => {
    await gateway.makePolicy({
      name: 'falls-back',
      targets: [{ model: `together/${MODEL}` }],
      fallbacks: { contextWindow: [`cerebras/${MODEL}`] },
    });
    const headers = await keyFor({ allowedModels: ['falls-back'] });
    gateway.simulator.chaos([{ vendor: 'together', fault: 'context' }]);
    await expect(gateway.ask({ model: 'falls-back', headers })).resolves.toMatchObject({ status: 200 });
    expect(gateway.upstreamCalls()).toEqual({ ...nowhere, together: 1, cerebras: 1 });
  });

  it('opens nothing of a vendor that is closed to the key', async () => {
    const headers = await keyFor({ allowedModels: ['chat'], allowedVendors: ['fireworks'] });
    await expect(gateway.ask({ model: 'chat', headers })).resolves.toMatchObject({ status: 200 });
    expect(gateway.upstreamCalls()).toEqual({ ...nowhere, fireworks: 1 });
    const other = await keyFor({ allowedModels: ['chat'], allowedVendors: ['openai'] });
    await expect(gateway.ask({ model: 'chat', headers: other })).resolves.toMatchObject({ status: 403 });
  });

  it.each<[string, string[], object]>([
    ['a target by itself', ['chat'], { model: `together/${MODEL}` }],
    ['a target with an ending', ['chat'], { model: `together/${MODEL}:floor` }],
    ['a target to fall back on', ['chat'], { models: ['chat', `fireworks/${MODEL}`] }],
    ['another model to fall back on', ['chat'], { model: 'chat', models: ['openai/gpt-5'] }],
    ['another policy', ['chat'], { model: 'another' }],
    ['a policy by another case', ['chat'], { model: 'CHAT' }],
    ['a policy that a pattern fits', ['chat*', 'c*t'], { model: 'chat' }],
    ['a policy that a pattern of vendors fits', ['openai/*', 'c*t'], { model: 'chat' }],
    ['a policy with the name of a model', [`openai/${MODEL}`], { model: `openai/${MODEL}` }],
    ['a policy with the bare name of a model', ['gpt-5-mini'], { model: 'gpt-5-mini' }],
    ['a second model', ['chat'], { model: 'chat', Model: 'openai/o1-pro' }],
    ['a tool with a model', ['chat'], { model: 'chat', tools: [{ type: 'advisor', model: 'openai/o1' }] }],
  ])('opens nothing else: %s', async (_, allowedModels, body) => {
    const headers = await keyFor({ allowedModels });
    const messages = [{ role: 'user', content: 'hi' }];
    const answer = await gateway.chat({ messages, ...body }, { headers });
    expect(await answer.json()).toMatchObject({ error: expect.anything() });
    expect([400, 403, 404]).toContain(answer.status);
    expect(gateway.upstreamCalls()).toEqual(nowhere);
  });

  it('opens no path of its vendors', async () => {
    const headers = await keyFor({ allowedModels: ['chat'] });
    const response = await gateway.call('/together/v1/files', { headers });
    expect(response.status).toBe(403);
    expect(gateway.upstreamCalls()).toEqual(nowhere);
  });
});

describe('the decision of a call', () => {
  it.each([
    ['an answer', '', 200, 1],
    ['an answer elsewhere', 'status=503,vendor=together', 200, 2],
    ['a refusal', 'status=400', 400, 1],
    ['nobody', 'status=500', 503, 3],
    ['a stream that was cut', 'cut=900', 200, 1],
  ])('is kept and shown, and made again: %s', async (outcome, fault, status, attempts) => {
    const model = await gateway.makeFreshPolicy();
    gateway.simulator.chaos(fault === '' ? [] : [{ fault }]);
    const content = '[[sim:count 50]]';
    const answer = await gateway.ask({ model, content, stream: outcome.includes('stream') });
    expect(answer.status).toBe(status);

    await usageOf(gateway, answer.id);
    const { body } = await gateway.admin<{ decision: { attempts: unknown[] } }>(
      'GET',
      `/admin/usage/${answer.id}`,
    );
    expect(body.decision).toMatchObject({
      snapshot: { v: 1, policy: `${model}@1` },
      plan: { order: [0, 1, 2], excluded: [null, null, null] },
    });
    expect(body.decision.attempts).toHaveLength(attempts);
  });

  it('is the same when npm run replay makes it again, of each call of this file', async () => {
    await gateway.app.get(UsageRecorder).flush();
    // A file has one gateway.
    const copy = mkdtempSync(path.join(tmpdir(), 'copy-'));
    cpSync(gateway.dataDir, copy, { recursive: true });
    const store = await storeEnvironment(ON_SERVER ? gateway.dataDir : copy);
    const env = { AI_GATEWAY_ENVIRONMENT: 'test', AI_GATEWAY_DATA_DIR: copy, ...store };
    const { stdout } = await run(process.execPath, ['dist/apps/gateway/src/replay/main.js'], { env });
    rmSync(copy, { recursive: true });
    expect(stdout).toMatch(/^[1-9]\d* decisions, 0 differ\n$/);
  });
});
