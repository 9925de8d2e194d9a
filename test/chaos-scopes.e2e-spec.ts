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
