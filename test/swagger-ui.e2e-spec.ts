import type { Browser, Locator, Page } from 'playwright-core';
import { browserPath, itInBrowser, launchBrowser } from './support/browser.js';
import { type BuiltGateway, startBuiltGateway } from './support/built-gateway.js';

/** Changes that need no words, or have them in their query. */
const WITHOUT_BODY =
  /\/(suspend|activate|deactivate|restore|verify|reencrypt|cancel|reprice|test)$|users\/\{id\}\/rotate$/;

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name?: string }[];
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<
      Record<string, { readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>> }>
    >;
  };
}

interface MediaType {
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, unknown>>;
}

describe('the API pages of the built gateway', () => {
  let gateway: BuiltGateway;
  let operations: [name: string, operation: Operation][];
  let schemas: Document['components']['schemas'];

  beforeAll(async () => {
    gateway = await startBuiltGateway();
    const response = await fetch(`${gateway.url}/swagger-ui/openapi.json`);
    const document = (await response.json()) as Document;
    const { paths } = document;
    ({ schemas } = document.components);
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    );
  }, 60_000);

  afterAll(() => gateway?.stop());

  it('document the endpoints a newcomer looks for', () => {
    const names = operations.map(([name]) => name);

    expect(names).toEqual(
      expect.arrayContaining([
        'POST /v1/chat/completions',
        'POST /v1/completions',
        'POST /v1/embeddings',
        'POST /v1/moderations',
        'POST /v1/rerank',
        'POST /v1/audio/transcribe',
        'POST /v1/audio/transcriptions',
        'POST /v1/audio/translations',
        'POST /v1/audio/speech',
        'GET /v1/generation',
        'GET /v1/usage',
        'GET /v1/responses/{id}',
        'POST /v1/conversations',
        'POST /admin/projects',
        'GET /admin/usage',
        'GET /admin/usage/summary',
        'GET /health',
        'GET /health/ready',
      ]),
    );
  });

  it('tell of the Idempotency-Key wherever a project may send it, and nowhere else', () => {
    const telling = operations.filter(([, { parameters = [], responses }]) => {
      const tells = parameters.some(({ name }) => name === 'Idempotency-Key');
      return tells && responses['409'] !== undefined;
    });
    const posts = operations.filter(([name]) => name.startsWith('POST /') && !name.startsWith('POST /admin'));

    expect(telling.map(([name]) => name)).toEqual(posts.map(([name]) => name));
    expect(posts.length).toBeGreaterThan(10);
  });

  it('give every endpoint a summary that ends as a sentence', () => {
    const without = operations.filter(([, { summary }]) => !/\S.*\.$/.test(summary ?? ''));

    expect(without.map(([name]) => name)).toEqual([]);
  });

  it('say of which options of a policy a change may be null', () => {
    const of = (name: string): [string, Readonly<Record<string, unknown>>][] =>
      Object.entries(schemas[name]?.properties ?? {});
    const firm = of('UpdateRoutingPolicy').filter(([, { nullable }]) => nullable !== true);

    expect(firm.map(([name]) => name)).toEqual(['targets']);
    expect(schemas['UpdateRoutingPolicy']?.properties['rules']).toMatchObject({
      items: schemas['CreateRoutingPolicy']?.properties['rules']?.['items'],
    });
    expect([...of('ChangePolicyWeights'), ...of('ChangePolicyFallbacks')]).toEqual(
      Array.from({ length: 6 }, () => [expect.any(String), expect.objectContaining({ nullable: true })]),
    );
  });

  it('give every body a schema with content', () => {
    const empty = operations.filter(
      ([name, { requestBody }]) =>
        /^(POST|PUT|PATCH) /.test(name) &&
        !WITHOUT_BODY.test(name) &&
        !Object.values(requestBody?.content ?? {}).some(
          ({ schema }) => schema && Object.keys(schema).length > 0,
        ),
    );

    expect(empty.map(([name]) => name)).toEqual([]);
  });

  it('give every answer but 204 a schema', () => {
    const empty = operations.filter(
      ([, { responses }]) =>
        !('204' in responses) &&
        !Object.entries(responses).some(
          ([status, { content }]) =>
            status.startsWith('2') && Object.values(content ?? {}).some(({ schema }) => schema !== undefined),
        ),
    );

    expect(empty.map(([name]) => name)).toEqual([]);
  });

  it('tell which errors each endpoint may answer, and no success it never gives', () => {
    const untold = operations.filter(
      ([name, { responses }]) =>
        !name.includes('/health') && !['400', '401', '403'].every(status => responses[status]?.content),
    );
    const successes = operations.map(([, { responses }]) =>
      Object.keys(responses).filter(status => status.startsWith('2')),
    );

    expect(untold.map(([name]) => name)).toEqual([]);
    expect(successes.every(statuses => statuses.length === 1)).toBe(true);
  });

  it.each([
    [/^(PATCH|DELETE) \/admin(?!\/session)|\/(rotate|suspend|restore)$/, ['412', '429', '503']],
    [/^(POST|PATCH) \/admin\/projects(\/\{id\})?$/, ['413', '415']],
    [/rotate$|projects\/\{id\}\/restore$|\/verify$|(PATCH|DELETE) \/admin\/users\/\{id\}$/, ['409']],
    [/\/verify$/, ['502', '504']],
  ])('tell of %s that it may answer %j', (name, statuses) => {
    const those = operations.filter(([operation]) => name.test(operation));

    expect(those.length).toBeGreaterThan(0);
    for (const [operation, { responses }] of those) {
      const told = statuses.filter(status => responses[status]?.content);
      expect([operation, told]).toEqual([operation, statuses]);
    }
  });

  it('ask for a key everywhere but on the health checks and at the log-in', () => {
    const open = operations.filter(([, { security = [] }]) => security.length === 0).map(([name]) => name);

    expect(open.toSorted()).toEqual(['GET /health', 'GET /health/ready', 'POST /admin/session']);
  });

  describe('in a browser', () => {
    let browser: Browser | undefined;
    let page: Page;

    beforeAll(async () => {
      if (browserPath) {
        browser = await launchBrowser();
        page = await browser.newPage();
        await page.goto(`${gateway.url}/swagger-ui/`);
      }
    }, 60_000);

    afterAll(() => browser?.close());

    itInBrowser(
      'list every endpoint with its summary',
      async () => {
        expect(browserPath).toBeDefined();
        await page.locator('.opblock-tag').first().waitFor();

        const shown: string[] = [];
        for (const section of await page.locator('.opblock-tag-section').all()) {
          await section.locator('.opblock-tag').click();
          await section.locator('.opblock').first().waitFor();
          shown.push(...(await Promise.all((await section.locator('.opblock').all()).map(readBlock))));
          await section.locator('.opblock-tag').click();
        }
        const documented = operations.map(([name, { summary }]) => `${name}: ${summary}`);

        expect(shown.toSorted()).toEqual(documented.toSorted());
      },
      60_000,
    );

    itInBrowser(
      'take a project key and answer the example of a chat',
      async () => {
        expect(browserPath).toBeDefined();
        await authorize(page, gateway.projectKey);

        const [tag = ''] = operations.find(([name]) => name === 'POST /v1/chat/completions')?.[1].tags ?? [];
        await page.locator(`.opblock-tag[data-tag="${tag}"]`).click();
        const block = page.locator('.opblock', { has: page.locator('[data-path="/v1/chat/completions"]') });
        await block.locator('.opblock-summary').click();
        await block.getByRole('button', { name: 'Try it out' }).click();
        await block.getByRole('button', { name: 'Execute' }).click();

        const live = block.locator('.live-responses-table .response').first();
        expect((await live.locator('.response-col_status').innerText()).trim()).toMatch(/^200/);
        expect(await live.locator('.response-col_description').innerText()).toContain('"chat.completion"');
      },
      60_000,
    );
  });
});

async function readBlock(block: Locator): Promise<string> {
  const method = await block.locator('.opblock-summary-method').innerText();
  const path = await block.locator('.opblock-summary-path').getAttribute('data-path');
  const summary = await block.locator('.opblock-summary-description').innerText();
  return `${method} ${path}: ${summary}`;
}

async function authorize(page: Page, projectKey: string): Promise<void> {
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  const form = page.locator('.auth-container', { hasText: 'project-key' });
  await form.locator('input').fill(projectKey);
  await form.getByRole('button', { name: 'Apply credentials' }).click();
  await page.getByRole('button', { name: 'Close' }).last().click();
}
