import { ADMIN_KEY, startGateway, type TestGateway } from './support/gateway.js';
import { eventually } from './support/eventually.js';

const VENDORS = [
  ['openai', 'openai/gpt-4.1-mini', 'authorization', 'Bearer '],
  ['anthropic', 'anthropic/claude-sonnet-5', 'x-api-key', ''],
  ['google', 'google/gemini-3-pro', 'x-goog-api-key', ''],
] as const;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

const ofProject = (kind: string): string => `/admin/projects/${gateway.projectId}/${kind}`;

interface Listed {
  readonly data: readonly { readonly id: string }[];
}

async function ask(model: string, key = gateway.projectKey): Promise<number> {
  const response = await gateway.chat(
    { model, messages: [{ role: 'user', content: 'Hi' }] },
    { headers: { authorization: `Bearer ${key}` } },
  );
  await response.text();
  return response.status;
}

describe.each(VENDORS)("a project's own key for %s", (provider, model, header, prefix) => {
  const secret = `sk-own-${provider}-0123456789`;
  const seen = (): unknown => gateway.simulator.requests().at(-1)?.headers[header];

  it('is what the vendor sees, until it is deleted; nobody else ever does', async () => {
    await ask(model);
    const ofTheGateway = seen();
    const created = await gateway.admin<{ id: string }>('POST', ofProject('provider-keys'), {
      provider,
      name: 'own',
      apiKey: secret,
    });

    expect(created.status).toBe(201);
    await eventually(async () => {
      await ask(model);
      expect(seen()).toBe(prefix + secret);
    });
    const listed = await gateway.admin<Listed>('GET', ofProject('provider-keys'));
    expect(JSON.stringify([created.body, listed.body])).not.toContain(secret);
    expect(listed.body.data.map(({ id }) => id)).toContain(created.body.id);

    expect((await gateway.admin('DELETE', `${ofProject('provider-keys')}/${created.body.id}`)).status).toBe(
      204,
    );
    await eventually(async () => {
      await ask(model);
      expect(seen()).toBe(ofTheGateway);
    });
  });

  it('never goes along with the key of the caller', async () => {
    await ask(model);

    expect(JSON.stringify(gateway.simulator.requests().at(-1))).not.toContain(gateway.projectKey);
  });

  it('serves its own project only', async () => {
    const other = await gateway.admin<{ id: string }>('POST', '/admin/projects', { name: 'other' });
    await gateway.admin('POST', `/admin/projects/${other.body.id}/provider-keys`, {
      provider,
      name: 'own',
      apiKey: secret,
    });
    await ask(model);

    expect(seen()).not.toBe(prefix + secret);
  });
});

describe('an API key', () => {
  it('stops working when it expires', async () => {
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const { body } = await gateway.admin<{ key: string }>('POST', ofProject('api-keys'), {
      name: 'short',
      expiresAt,
    });

    expect(await ask('openai/gpt-4.1-mini', body.key)).toBe(200);
    await eventually(async () => expect(await ask('openai/gpt-4.1-mini', body.key)).toBe(401));
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('is listed masked', async () => {
    const { body } = await gateway.admin<Listed>('GET', ofProject('api-keys'));

    expect(body.data.length).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toMatch(/pk_[0-9a-f]{48}/);
  });

  it('works again when its suspended project is activated', async () => {
    const project = await gateway.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
      name: 'x',
    });
    const { id, apiKey } = project.body;
    await gateway.admin('POST', `/admin/projects/${id}/suspend`);
    await eventually(async () => expect(await ask('openai/gpt-4.1-mini', apiKey)).toBe(403));
    await gateway.admin('POST', `/admin/projects/${id}/activate`);

    await eventually(async () => expect(await ask('openai/gpt-4.1-mini', apiKey)).toBe(200));
  });

  it.each([
    ['a project key', () => gateway.projectKey, 403],
    ['a wrong key', () => 'ak_wrong', 401],
    ['no key', () => '', 401],
    ['the admin key', () => ADMIN_KEY, 200],
  ])('%s at the management API', async (_what, key, status) => {
    const response = await fetch(`${gateway.url}/admin/projects`, {
      headers: key() ? { authorization: `Bearer ${key()}` } : {},
    });

    expect(response.status).toBe(status);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('of an administrator is not taken from an address', async () => {
    expect((await fetch(`${gateway.url}/admin/projects?key=${ADMIN_KEY}`)).status).toBe(401);
  });
});
