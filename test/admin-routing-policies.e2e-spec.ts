import { ProjectSweep } from '@app/projects';
import { PolicyBook } from '@app/routing';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';

const TARGETS = [{ model: 'openai/gpt-5' }, { model: 'anthropic/claude-sonnet-4-5', weight: 3 }];

interface Policy {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

interface Page {
  readonly data: Policy[];
  readonly next: string | null;
}

let gateway: TestGateway;
let policiesAt: string;

beforeAll(async () => {
  gateway = await startGateway({ AI_GATEWAY_PROJECT_GRACE_MS: '1' });
});
afterAll(() => gateway?.stop());

beforeEach(async () => {
  const { body } = await gateway.admin<{ id: string }>('POST', '/admin/projects', { name: 'routed' });
  policiesAt = `/admin/projects/${body.id}/routing-policies`;
});

async function create(name: string, options: object = {}): Promise<Policy> {
  const { body } = await gateway.admin<Policy>('POST', policiesAt, { name, targets: TARGETS, ...options });
  return body;
}

async function conditional(method: string, path: string, ifMatch: string, body?: object): Promise<number> {
  const headers = { ...gateway.adminHeaders, 'if-match': ifMatch };
  const response = await gateway.call(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  await response.text();
  return response.status;
}

describe('routing policies at the management API', () => {
  it('are made, shown, changed and deleted', async () => {
    const made = await gateway.admin<Policy>('POST', policiesAt, {
      name: 'openai/gpt-5',
      targets: TARGETS,
      strategy: 'weighted',
      rules: [{ when: { tags: ['batch'] }, targets: ['openai/gpt-5'], strategy: 'cheapest' }],
      timeouts: { firstTokenMs: 5000 },
    });
    const at = `${policiesAt}/${made.body.id}`;

    expect(made).toMatchObject({ status: 201, body: { name: 'openai/gpt-5', version: 1, maxAttempts: 3 } });
    const shown = await gateway.admin<Policy>('GET', at);
    expect(shown).toMatchObject({ status: 200, body: made.body });
    expect(shown.headers.get('etag')).toBe(made.headers.get('etag'));
    const changed = await gateway.admin('PATCH', at, { timeouts: { totalMs: 1000 }, hedge: true });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        version: 2,
        hedge: true,
        strategy: 'weighted',
        timeouts: { totalMs: 1000, firstTokenMs: 5000, idleMs: null },
        authorId: 'configured',
      },
    });
    expect((await gateway.admin('DELETE', at)).status).toBe(204);
    expect((await gateway.admin('GET', at)).status).toBe(404);
    expect(await gateway.admin('GET', `${at}/versions`)).toMatchObject({
      status: 200,
      body: { data: [{ version: 2 }, { version: 1 }] },
    });
    const back = await gateway.admin('POST', `${at}/restore`, { version: 1 });
    expect(back).toMatchObject({ status: 200, body: { version: 3, hedge: false } });
    expect(await gateway.admin('GET', at)).toMatchObject({ status: 200, body: { version: 3 } });
  });

  it('have the default again of what a change says is null, as a JSON merge patch does', async () => {
    const { body: usual } = await gateway.admin<Policy>('POST', policiesAt, {
      name: 'usual',
      targets: TARGETS,
    });
    const options = {
      strategy: 'weighted',
      rules: [{ when: { tags: ['batch'] }, targets: ['openai/gpt-5'] }],
      weights: { price: 1 },
      fallbacks: { contextWindow: ['openai/gpt-4.1'], contentPolicy: ['openai/o3'] },
      maxAttempts: 5,
      timeouts: { totalMs: 9000, idleMs: 3000 },
      hedge: true,
      midStreamFailover: true,
    };
    const { id } = await create('fast', options);
    const patch = async (body: object): ReturnType<typeof gateway.admin> => {
      const headers = { ...gateway.adminHeaders, 'content-type': 'application/merge-patch+json' };
      const init = { method: 'PATCH', headers, body: JSON.stringify(body) };
      const response = await gateway.call(`${policiesAt}/${id}`, init);
      return { status: response.status, headers: response.headers, body: await response.json() };
    };

    expect(await patch({ timeouts: { totalMs: null }, fallbacks: { contextWindow: null } })).toMatchObject({
      status: 200,
      body: {
        version: 2,
        timeouts: { totalMs: null, idleMs: 3000 },
        fallbacks: { contextWindow: [], contentPolicy: ['openai/o3'] },
      },
    });
    const nothing = Object.fromEntries(Object.keys(options).map(option => [option, null]));
    const defaults = Object.fromEntries(
      Object.entries(usual).filter(([member]) => Object.hasOwn(options, member)),
    );
    expect(await patch(nothing)).toMatchObject({
      status: 200,
      body: { ...defaults, version: 3 },
    });
    for (const param of ['name', 'targets']) {
      expect(await patch({ [param]: null })).toMatchObject({ status: 400, body: { error: { param } } });
    }
    expect(
      await patch({ weights: { price: null, latency: null, throughput: null, load: null } }),
    ).toMatchObject({
      status: 400,
      body: { error: { param: 'weights' } },
    });
  });

  it('are listed page by page, and so are their versions', async () => {
    const names = ['a', 'b', 'c'];
    for (const name of names) {
      await create(name);
    }
    const first = (await gateway.admin<Page>('GET', `${policiesAt}?limit=2`)).body;
    const second = (await gateway.admin<Page>('GET', `${policiesAt}?limit=2&after=${first.next}`)).body;
    expect([...first.data, ...second.data].map(({ name }) => name)).toEqual(names);
    expect(second.next).toBeNull();

    const at = `${policiesAt}/${first.data[0]?.id}`;
    for (const maxAttempts of [4, 5]) {
      await gateway.admin('PATCH', at, { maxAttempts });
    }
    const restored = await gateway.admin('POST', `${at}/restore`, { version: 2 });
    expect(restored).toMatchObject({ status: 200, body: { version: 4, maxAttempts: 4 } });
    const newest = (await gateway.admin<Page>('GET', `${at}/versions?limit=3`)).body;
    const oldest = (await gateway.admin<Page>('GET', `${at}/versions?limit=3&after=${newest.next}`)).body;
    expect([...newest.data, ...oldest.data]).toMatchObject([
      { version: 4, maxAttempts: 4 },
      { version: 3, maxAttempts: 5 },
      { version: 2, maxAttempts: 4 },
      { version: 1, maxAttempts: 3 },
    ]);
    expect((await gateway.admin('POST', `${at}/restore`, { version: 99 })).status).toBe(404);
  });

  it('change for who has seen the latest version only, if they say what they have seen', async () => {
    const { id } = await create('fast');
    const at = `${policiesAt}/${id}`;

    expect(await conditional('PATCH', at, '"1"', { hedge: true })).toBe(200);
    expect(await conditional('PATCH', at, '"1"', { hedge: false })).toBe(412);
    expect(await conditional('POST', `${at}/restore`, '"1"', { version: 1 })).toBe(412);
    expect(await conditional('DELETE', at, '"1"')).toBe(412);
    expect(await conditional('DELETE', at, '"2"')).toBe(204);
  });

  it.each([
    [{ targets: [{ model: 'opnai/gpt-5' }] }, 400, "Did you mean 'openai/…'?"],
    [{ targets: [{ model: 'fast' }] }, 400, 'targets.0.model: No vendor is known'],
    [{ rules: [{ when: { stream: true }, targets: ['gpt-5'] }] }, 400, 'rules.0.targets.0'],
    [{ name: 'taken' }, 409, "'taken' already"],
  ])('are refused with what to do: %j', async (options, status, text) => {
    await create('taken');
    const answer = await gateway.admin('POST', policiesAt, { name: 'fast', targets: TARGETS, ...options });

    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(text);
  });

  it('are looked at by viewers and changed by admins, and belong to their project', async () => {
    const { id } = await create('fast');
    const viewer = await gateway.admin<{ key: string }>('POST', '/admin/users', {
      name: 'V',
      role: 'viewer',
    });
    const asViewer = (method: string, path: string, body?: object): ReturnType<typeof gateway.admin> =>
      gateway.admin(method, path, body, viewer.body.key);

    expect((await asViewer('GET', `${policiesAt}/${id}`)).status).toBe(200);
    expect((await asViewer('PATCH', `${policiesAt}/${id}`, { hedge: true })).status).toBe(403);
    expect((await gateway.call(policiesAt)).status).toBe(403);
    const elsewhere = `/admin/projects/${gateway.projectId}/routing-policies`;
    expect((await gateway.admin('GET', `${elsewhere}/${id}`)).status).toBe(404);
    expect((await gateway.admin('DELETE', `${elsewhere}/${id}`)).status).toBe(404);
    expect((await gateway.admin('GET', '/admin/projects/nobody/routing-policies')).status).toBe(404);
  });

  it('are there for the next call, and go with their project', async () => {
    const projectId = policiesAt.split('/')[3] ?? '';
    const book = gateway.app.get(PolicyBook);
    expect((await book.get(projectId)).size).toBe(0);
    const { id } = await create('fast');
    expect((await book.get(projectId)).get('fast')).toMatchObject({ id, version: 1 });

    await gateway.admin('DELETE', `/admin/projects/${projectId}`);
    await eventually(async () => {
      await gateway.app.get(ProjectSweep).run();
      expect((await gateway.admin('GET', `/admin/projects/${projectId}`)).status).toBe(404);
    });
    expect((await book.get(projectId)).size).toBe(0);
    const { body } = await gateway.admin('GET', `/admin/audit?target=${id}`);
    expect(body).toMatchObject({ data: [{ action: 'routing-policy.create', after: { name: 'fast' } }] });
  });
});
