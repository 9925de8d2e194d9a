import { type BuiltGateway, startBuiltGateway } from './support/built-gateway.js';
import { exampleOf, type Operation, operationsOf } from './support/open-api.js';
import { wrongBodies } from './support/wrong-bodies.js';

const ODD_IDS = ['nobody', '%00', '%F0%9F%92%A9', 'x'.repeat(5000), "'%20or%20'1'='1", '%'];
const ODD_QUERIES: readonly (readonly [query: string, field: string])[] = [
  ['unknown=1', 'unknown'],
  ['limit=0', 'limit'],
  ['limit=many', 'limit'],
  ['limit=1e9', 'limit'],
  [`after=${'x'.repeat(300)}`, 'after'],
  ['after=', 'after'],
  ['from=yesterday', 'from'],
  ['to=2026-13-45', 'to'],
];

interface Answer {
  readonly status: number;
  readonly message: string;
  readonly param: string | null;
}

let gateway: BuiltGateway;
let operations: Operation[];
let ids: Record<string, string>;
/** What operations answered against their own document. */
const untold = new Set<string>();

beforeAll(async () => {
  gateway = await startBuiltGateway();
  const response = await fetch(`${gateway.url}/swagger-ui/openapi.json`);
  operations = operationsOf(await response.json(), '/admin/');
  ids = await someIds();
}, 120_000);

afterAll(() => gateway?.stop());

describe('the management API, fuzzed from its own OpenAPI document,', () => {
  it('names the wrong field of every body, and never fails itself', async () => {
    const problems: string[] = [];
    let asked = 0;
    for (const operation of operations) {
      for (const { what, field, body } of operation.body ? wrongBodies(operation.body) : []) {
        const answer = await send(operation, JSON.stringify(body));
        asked += 1;
        const isNamed = field === null || answer.message.includes(field) || answer.param === field;
        if (answer.status < 400 || answer.status >= 500 || !isNamed) {
          problems.push(`${nameOf(operation)}: ${field ?? ''} ${what}: ${JSON.stringify(answer)}`);
        }
      }
    }

    expect(problems).toEqual([]);
    expect(asked).toBeGreaterThan(300);
  }, 120_000);

  it('answers what is no JSON with 4xx', async () => {
    const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const bodies = ['{', '', '\0', '{"name": "\\ud800', nested, `{"name": ${nested}}`, 'x'.repeat(2 ** 21)];
    const problems: string[] = [];
    for (const operation of operations.filter(({ body }) => body)) {
      for (const body of bodies) {
        const { status } = await send(operation, body);
        const isEmptyChange = body === '' && isSatisfiedByNothing(operation);
        if ((status < 400 && !isEmptyChange) || status >= 500) {
          problems.push(`${nameOf(operation)}: ${body.slice(0, 20)}: ${status}`);
        }
      }
    }

    expect(problems).toEqual([]);
  }, 120_000);

  it('answers ids of any kind with 4xx', async () => {
    const problems: string[] = [];
    for (const operation of operations.filter(({ path }) => path.includes('{'))) {
      for (const id of ODD_IDS) {
        const path = operation.path.replace(/\{\w+\}$|\{\w+\}(?!.*\{)/, id).replaceAll(/\{(\w+)\}/g, fill);
        const { status } = await ask(operation.method, path, JSON.stringify(exampleBody(operation)));
        if (status < 400 || status >= 500) {
          problems.push(`${operation.method} ${path.slice(0, 100)}: ${status}`);
        }
      }
    }

    expect(problems).toEqual([]);
  }, 120_000);

  it('names the wrong part of every query', async () => {
    const lists = operations.filter(({ parameters }) =>
      parameters.some(({ in: place }) => place === 'query'),
    );
    expect(lists.length).toBeGreaterThanOrEqual(6);
    for (const operation of lists) {
      const known = new Set(operation.parameters.map(({ name }) => name));
      for (const [query, field] of ODD_QUERIES.filter(([, name]) => name === 'unknown' || known.has(name))) {
        const answer = await ask(operation.method, `${pathOf(operation)}?${query}`);

        expect([operation.path, query, answer.status]).toEqual([operation.path, query, 400]);
        expect(answer.message).toContain(field);
      }
    }
  }, 120_000);

  it('answers a version that nobody has seen with 412 on every conditional change', async () => {
    const conditional = operations.filter(({ parameters }) => parameters.some(p => p.name === 'If-Match'));
    expect(conditional.length).toBeGreaterThanOrEqual(12);
    for (const operation of conditional) {
      const headers = { 'if-match': '"999", W/"1", nonsense' };
      const body = JSON.stringify(exampleBody(operation));
      const { status } = await ask(operation.method, pathOf(operation), body, headers);

      expect([nameOf(operation), status]).toEqual([nameOf(operation), 412]);
    }
  }, 120_000);
});

describe('the examples of the OpenAPI document', () => {
  beforeAll(async () => {
    ids = await someIds();
  });

  it('are there for every field that goes in or comes out', () => {
    const without = operations.flatMap(operation =>
      [operation.body, operation.answer].flatMap(schema =>
        Object.entries(schema?.properties ?? {})
          .filter(([, { example, items, type }]) => example === undefined && !(type === 'array' && items))
          .map(([field]) => `${nameOf(operation)}: ${field}`),
      ),
    );

    expect(without).toEqual([]);
  });

  it('work', async () => {
    const order = ['POST', 'PATCH', 'GET'];
    const tried = operations
      .filter(
        ({ method, path }) =>
          order.includes(method) && !/(verify|restore|usage\/|export$|stream$|session$)/.test(path),
      )
      .toSorted((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
    for (const operation of tried) {
      const { status, message } = await send(
        operation,
        JSON.stringify(exampleBody(operation)),
        queryOf(operation),
      );

      expect([nameOf(operation), message]).toEqual([nameOf(operation), '']);
      expect([200, 201]).toContain(status);
    }
  }, 120_000);
});

it('every status of these answers is in the document', () => {
  expect([...untold]).toEqual([]);
});

const ALERT = { name: 'fuzzed', condition: 'spool', thresholds: [1e9], url: 'http://127.0.0.1:9/' };

async function someIds(): Promise<Record<string, string>> {
  const project = await create('/admin/projects', { name: 'fuzzed' });
  const at = `/admin/projects/${project}`;
  const apiKey = await create(`${at}/api-keys`, { name: 'fuzzed' });
  const vendorKey = { provider: 'openai', name: 'fuzzed', apiKey: 'sk-fuzzed' };
  await ask('PUT', '/admin/prices', JSON.stringify({ prices: { fuzzed: { input_cost_per_token: 0 } } }));
  const policy = { name: 'fuzzed', targets: [{ model: 'openai/gpt-5' }] };
  return {
    project,
    apiKey,
    providerKey: await create(`${at}/provider-keys`, vendorKey),
    routingPolicy: await create(`${at}/routing-policies`, policy),
    budget: await create(`${at}/budgets`, { name: 'fuzzed', limitUsd: 1, period: 'day' }),
    alert: await create('/admin/alerts', ALERT),
    user: await create('/admin/users', { name: 'fuzzed', role: 'viewer' }),
    usage: 'nobody',
  };
}

async function create(path: string, body: object): Promise<string> {
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { id } = (await response.json()) as { id: string };
  return id;
}

function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

/** With ids that are there. */
function exampleBody({ body }: Operation): Record<string, unknown> | undefined {
  if (!body) {
    return undefined;
  }
  const example = exampleOf(body);
  const known = { projectId: ids['project'], apiKeyId: ids['apiKey'], keyId: ids['apiKey'] };
  const named = Object.entries(known).filter(([name]) => name in example);
  return { ...example, ...Object.fromEntries(named) };
}

/** With ids that are there. */
function pathOf({ path }: Operation): string {
  return path
    .replace('{projectId}', ids['project'] ?? '')
    .replace('projects/{id}', `projects/${ids['project']}`)
    .replace('api-keys/{id}', `api-keys/${ids['apiKey']}`)
    .replace('provider-keys/{id}', `provider-keys/${ids['providerKey']}`)
    .replace('routing-policies/{id}', `routing-policies/${ids['routingPolicy']}`)
    .replace('budgets/{id}', `budgets/${ids['budget']}`)
    .replace('alerts/{id}', `alerts/${ids['alert']}`)
    .replace('users/{id}', `users/${ids['user']}`)
    .replace('usage/{id}', `usage/${ids['usage']}`)
    .replace('{version}', '1');
}

function fill(_: string, name: string): string {
  return name === 'projectId' ? (ids['project'] ?? '') : name;
}

/** A body that may leave everything out may be left out itself. */
function isSatisfiedByNothing({ body }: Operation): boolean {
  return (body?.required ?? []).length === 0;
}

/** The examples of what must be in the query. */
function queryOf({ parameters }: Operation): string {
  const query = new URLSearchParams();
  for (const { name, example, schema } of parameters.filter(p => p.in === 'query' && p.required)) {
    query.set(name, String(example ?? schema?.example));
  }
  return query.size === 0 ? '' : `?${query}`;
}

async function send(operation: Operation, body: string | undefined, query = ''): Promise<Answer> {
  const answer = await ask(operation.method, pathOf(operation) + query, body);
  if (!operation.statuses.includes(answer.status)) {
    untold.add(`${nameOf(operation)}: ${answer.status}`);
  }
  return answer;
}

async function ask(method: string, path: string, body?: string, headers: object = {}): Promise<Answer> {
  const response = await fetch(gateway.url + path, {
    method,
    headers: {
      authorization: `Bearer ${gateway.adminKey}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(method === 'GET' || body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const { error } = (text === '' ? {} : JSON.parse(text)) as {
    error?: { message?: string; param?: string | null };
  };
  return { status: response.status, message: error?.message ?? '', param: error?.param ?? null };
}
