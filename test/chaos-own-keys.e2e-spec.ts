import type { TargetStatus } from '../libs/routing/src/domain/health/target-status.entity.js';
import { type ChaosGateway, MODEL, startChaosGateway, statusesOf } from './support/chaos.js';

const TARGET = `fireworks/${MODEL}`;
const POLICY = { name: 'chat', targets: [{ model: TARGET }, { model: `cerebras/${MODEL}` }] };

let gateway: ChaosGateway;
/** Of a project that has no vendor key. */
let other: { readonly id: string; readonly headers: Record<string, string> };

beforeEach(async () => {
  gateway = await startChaosGateway();
  await gateway.makePolicy(POLICY);
  const { body } = await gateway.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
    name: 'other',
  });
  await gateway.admin('POST', `/admin/projects/${body.id}/routing-policies`, POLICY);
  other = { id: body.id, headers: { authorization: `Bearer ${body.apiKey}` } };
});
afterEach(() => gateway?.stop());

async function statusOfTarget(): Promise<TargetStatus | undefined> {
  const { body } = await gateway.admin<{ data: TargetStatus[] }>('GET', '/admin/routing/targets');
  return body.data.find(({ id }) => id === TARGET);
}

async function excludedFor(projectId: string): Promise<string | null | undefined> {
  const question = { projectId, model: 'chat', body: { messages: [{ role: 'user', content: 'hi' }] } };
  const { body } = await gateway.admin<{ candidates: { excluded: string | null }[] }>(
    'POST',
    '/admin/routing/explain',
    question,
  );
  return body.candidates[0]?.excluded;
}

describe('a vendor that fails the key of one project', () => {
  it('is left alone by that project, and stays with the others', async () => {
    await gateway.addVendorKey('fireworks', 'fw-0123456789abcdef-evil');
    gateway.simulator.chaos([{ fault: 'status=503,key=evil' }]);

    const mine = await gateway.askMany(40, { model: 'chat' }, 1);
    expect(gateway.upstreamCalls()).toEqual({ together: 0, fireworks: 5, cerebras: 40 });
    const theirs = await gateway.askMany(40, { model: 'chat', headers: other.headers }, 1);
    expect(gateway.upstreamCalls()).toEqual({ together: 0, fireworks: 45, cerebras: 40 });
    expect(statusesOf([...mine, ...theirs])).toEqual({ 200: 80 });
    await expect(statusOfTarget()).resolves.toMatchObject({
      breaker: 'closed',
      failures: 5,
      ownKeys: [{ projectId: gateway.projectId, breaker: 'open' }],
    });
    await expect(excludedFor(gateway.projectId)).resolves.toMatch(/^circuit-open/);
    await expect(excludedFor(other.id)).resolves.toBeNull();
  });

  it("is left alone by all that have the gateway's key when that one fails", async () => {
    await gateway.addVendorKey('fireworks', 'fw-0123456789abcdef-good');
    gateway.simulator.chaos([{ fault: 'status=503,key=key-of-fireworks' }]);

    const theirs = await gateway.askMany(20, { model: 'chat', headers: other.headers }, 1);
    const mine = await gateway.askMany(20, { model: 'chat' }, 1);
    expect(statusesOf([...mine, ...theirs])).toEqual({ 200: 40 });
    expect(gateway.upstreamCalls()).toEqual({ together: 0, fireworks: 25, cerebras: 20 });
    await expect(statusOfTarget()).resolves.toMatchObject({ breaker: 'open', ownKeys: [] });
  });
});
