import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';

const VENDORS = ['openai', 'anthropic', 'google'];

interface Key {
  readonly id: string;
  readonly isDefault: boolean;
}

let gateway: TestGateway;

/** Lists its models to anybody. */
const open = createServer((_request, response) => response.end('{"data": []}'));

beforeAll(async () => {
  open.listen(0, '127.0.0.1');
  await once(open, 'listening');
  gateway = await startGateway({
    AI_GATEWAY_PROVIDERS_CLOSED_BASE_URL: 'http://127.0.0.1:9/v1',
    AI_GATEWAY_PROVIDERS_OPENROUTER_BASE_URL: `http://127.0.0.1:${(open.address() as AddressInfo).port}/v1`,
  });
});
afterAll(async () => {
  await gateway?.stop();
  open.close();
});

const keysAt = (): string => `/admin/projects/${gateway.projectId}/provider-keys`;

const at = ({ id }: Pick<Key, 'id'>): string => `${keysAt()}/${id}`;

interface Verdict {
  readonly valid: boolean | null;
  readonly status: number;
}

const verify = (id: string): ReturnType<typeof gateway.admin<Verdict>> =>
  gateway.admin<Verdict>('POST', `${at({ id })}/verify`);

async function store(apiKey: string, provider = 'openai', more: object = {}): Promise<Key> {
  return (await gateway.admin<Key>('POST', keysAt(), { provider, name: 'team', apiKey, ...more })).body;
}

async function keyInUse(): Promise<unknown> {
  await (await gateway.chat({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] })).text();
  return gateway.simulator.requests().at(-1)?.headers['authorization'];
}

describe('several keys for one vendor', () => {
  it('have one default, which calls use while it is active', async () => {
    const first = await store('sk-first');
    const second = await store('sk-second');

    expect([first.isDefault, second.isDefault]).toEqual([true, false]);
    await eventually(async () => expect(await keyInUse()).toBe('Bearer sk-first'));
    const changed = await gateway.admin('PATCH', at(second), { isDefault: true, name: 'main', weight: 3 });
    expect(changed).toMatchObject({
      status: 200,
      body: { isDefault: true, name: 'main', weight: 3, version: 2 },
    });
    expect((await gateway.admin('GET', at(first))).body).toMatchObject({ isDefault: false });
    await eventually(async () => expect(await keyInUse()).toBe('Bearer sk-second'));

    const off = await gateway.admin('POST', `${at(second)}/deactivate`);
    expect(off).toMatchObject({ status: 200, body: { status: 'inactive', isDefault: true } });
    await eventually(async () => expect(await keyInUse()).toBe('Bearer sk-first'));
    await gateway.admin('POST', `${at(first)}/deactivate`);
    await eventually(async () => expect(await keyInUse()).toBe('Bearer sk-simulated-openai'));
    await gateway.admin('POST', `${at(second)}/activate`);
    await eventually(async () => expect(await keyInUse()).toBe('Bearer sk-second'));
  });
});

describe('the check of a vendor key', () => {
  it.each(VENDORS)('tells a good key for %s from a bad one, at no cost', async provider => {
    gateway.simulator.reset();
    const good = await store('good-key-0123456789', provider);
    const bad = await store('bad-key', provider);

    await expect(verify(good.id)).resolves.toMatchObject({ status: 200, body: { valid: true, status: 200 } });
    const verdict = await verify(bad.id);
    expect(verdict).toMatchObject({ status: 200, body: { valid: false } });
    expect([400, 401]).toContain(verdict.body.status);
    expect(JSON.stringify(verdict.body)).not.toContain('bad-key');
    expect(gateway.simulator.requests().map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(gateway.simulator.bill()).toEqual({});
  });

  it('works for a key that is not in use', async () => {
    const { id } = await store('bad-key', 'openai');
    await gateway.admin('POST', `${keysAt()}/${id}/deactivate`);

    await expect(verify(id)).resolves.toMatchObject({ body: { valid: false } });
  });

  it('says what an answer does not prove, of a vendor that lists its models to anybody', async () => {
    const { id } = await store('sk-or-whatever', 'openrouter');

    await expect(verify(id)).resolves.toMatchObject({
      status: 200,
      body: { valid: null, status: 200, message: expect.stringContaining('lists its models to anybody') },
    });
  });

  it.each([
    ['POST', 'provider-keys', 'provider', { provider: 'nosuchvendor', name: 'x', apiKey: 'sk-x' }],
    ['POST', 'api-keys', 'allowedVendors', { name: 'x', allowedVendors: ['openai', 'opnai'] }],
    ['PATCH', '', 'allowedVendors', { allowedVendors: ['opnai'] }],
  ])('is for a vendor that there is: %s %s with a wrong %s is refused', async (method, path, param, body) => {
    const answer = await gateway.admin(
      method,
      `/admin/projects/${gateway.projectId}/${path}`.replace(/\/$/, ''),
      body,
    );

    expect(answer).toMatchObject({ status: 400, body: { error: { param } } });
    expect(JSON.stringify(answer.body)).toMatch(
      /'(nosuchvendor|opnai)' here\. Use one of anthropic, .*closed, .*openai/,
    );
  });

  it('says so when there is nobody to ask', async () => {
    const closed = await store('sk-x', 'closed');
    const unlisted = await store('sk-x', 'perplexity');

    await expect(verify(unlisted.id)).resolves.toMatchObject({
      status: 409,
      body: { error: { code: 'key_not_checkable' } },
    });
    await expect(verify(closed.id)).resolves.toMatchObject({
      status: 502,
      body: { error: { code: 'upstream_unreachable' } },
    });
    await expect(verify('nobody')).resolves.toMatchObject({ status: 404 });
  });
});
