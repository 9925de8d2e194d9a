import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import OpenAI from 'openai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { browserPath, itInBrowser, launchBrowser } from './support/browser.js';
import { type BuiltGateway, startBuiltGateway } from './support/built-gateway.js';
import { eventually } from './support/eventually.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const THEMES = ['light', 'dark'] as const;
const MODEL = 'openai/gpt-4.1-mini';
const PHONE = { width: 360, height: 740 };
const SLOW = 120_000;

let gateway: BuiltGateway;
let browser: Browser | undefined;

beforeAll(async () => {
  gateway = await startBuiltGateway();
  browser = browserPath ? await launchBrowser() : undefined;
}, SLOW);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained about: refused by the content security policy, an exception, a file that is not there. */
  readonly complaints: string[];
}

async function visit(): Promise<Visit> {
  browser ??= await launchBrowser();
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().includes('401')) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('request', request => {
    if (!request.url().startsWith(gateway.url)) {
      complaints.push(`asked ${request.url()}`);
    }
  });
  await page.goto(`${gateway.url}/dashboard/`);
  return { context, page, complaints };
}

async function logIn(page: Page, key: string = gateway.adminKey): Promise<void> {
  await page.getByLabel('Admin key').fill(key);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** The id of a call that an official SDK made. */
async function call(content: string): Promise<string> {
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.projectKey, maxRetries: 0 });
  const asked = client.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content }] });
  const { request_id: id } = await asked.withResponse();
  return id ?? '';
}

/** What axe finds that keeps people out, in words. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8')); // not a script of the page: its policy would not let it in
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** In both themes, and none wider than a phone. */
async function expectOpenToAll(page: Page): Promise<void> {
  for (const theme of THEMES) {
    await page.getByLabel('Theme').selectOption(theme);
    expect([theme, await barriers(page)]).toEqual([theme, []]);
  }
  const size = page.viewportSize();
  await page.setViewportSize(PHONE);
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(PHONE.width);
  await page.setViewportSize(size ?? { width: 1280, height: 720 });
}

describe('the dashboard in a browser', () => {
  itInBrowser(
    'lets in whoever has an admin key, keeps none, and lets nobody in who logged out',
    async () => {
      const { context, page, complaints } = await visit();
      await page.getByLabel('Admin key').waitFor();
      expect(await barriers(page)).toEqual([]);
      await logIn(page, 'ak_wrong');
      await page.getByRole('alert').filter({ hasText: 'not valid' }).waitFor();
      await logIn(page);
      await page.getByRole('heading', { name: 'Overview' }).waitFor();

      const [cookie] = await context.cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
      expect(await page.evaluate<string>('document.cookie + JSON.stringify(localStorage)')).not.toContain(
        'ak_',
      );
      await page.reload();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByLabel('Admin key').waitFor();
      await page.reload();
      await page.getByLabel('Admin key').waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'shows calls as they end, what they cost, and why they went where they went',
    async () => {
      const { context, page, complaints } = await visit();
      await logIn(page);
      await page.getByText('Live', { exact: true }).waitFor();
      const id = await call('Hello');
      const latest = page.getByRole('region', { name: 'Latest calls' });
      const row = latest.locator(`tr:has(a[href$="${id}"])`);
      await row.waitFor();
      expect(await row.innerText()).toMatch(/openai\/gpt-4\.1-mini.*completed/s);
      await page
        .getByText(/^\$0\.0*[1-9]/)
        .first()
        .waitFor(); // the spend of the day
      expect(await page.locator('canvas').count()).toBe(2);
      await expectOpenToAll(page);

      await page.getByRole('button', { name: 'Pause' }).click();
      const witness = await context.newPage();
      await witness.goto(page.url());
      await witness.getByText('Live', { exact: true }).waitFor();
      const link = `a[href$="${await call('Again')}"]`;
      await witness.locator(link).waitFor();
      expect(await latest.locator(link).count()).toBe(0);
      await page.getByRole('button', { name: 'Go on' }).click();
      await latest.locator(link).waitFor();

      await row.getByRole('link').click();
      await page.getByRole('heading', { name: MODEL }).waitFor();
      await page.getByRole('heading', { name: 'Use and cost' }).waitFor();
      const { body } = await recorded(id);
      const text = await page.locator('main').innerText();
      expect(text).toContain(id);
      expect(text).toContain(`Input tokens\n${body.inputTokens}`);
      expect(text).toContain('There was nothing to choose.');
      await expectOpenToAll(page);
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'sends people to the log-in when their key is revoked',
    async () => {
      const { context, page } = await visit();
      const { body } = await admin<{ id: string; key: string }>('POST', '/admin/users', {
        name: 'Ada',
        role: 'viewer',
      });
      await logIn(page, body.key);
      await page.getByText('Ada · viewer').waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      await admin('DELETE', `/admin/users/${body.id}`);

      await page.getByRole('alert').filter({ hasText: 'The session is over.' }).waitFor();
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'finds calls by what they were, page by page, and by their id',
    async () => {
      const { context, page, complaints } = await visit();
      const failed = await call('[[sim:fault status=400]]').catch((error: unknown) =>
        error instanceof OpenAI.APIError ? (error.requestID ?? '') : '',
      );
      expect(failed).not.toBe('');
      const ids = await Promise.all(Array.from({ length: 51 }, (_, at) => call(`Question ${at}`)));
      await recorded(failed);
      await Promise.all(ids.map(recorded));
      await logIn(page);
      await page.getByRole('link', { name: 'Calls' }).click();
      const rows = page.locator('tbody tr');
      await page.getByRole('button', { name: 'Older' }).click();
      await page.getByText('Page 2').waitFor();
      await page.locator(`a[href$="${failed}"]`).waitFor();
      expect(await rows.count()).toBeLessThan(50);
      await page.getByRole('button', { name: 'Newer' }).click();
      await page.getByText('Page 1').waitFor();

      await page.getByLabel('Outcome').selectOption('failed');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText(/^failed /).waitFor();
      expect(await rows.count()).toBe(1);
      expect(page.url()).toContain('/dashboard/calls?outcome=failed');
      await page.reload();
      await page.getByText(/^failed /).waitFor();
      await expectOpenToAll(page);

      await page.getByLabel('Id').fill(failed);
      await page.getByLabel('Id').press('Enter');
      await page.getByRole('heading', { name: 'Use and cost' }).waitFor();
      expect(await page.locator('main').innerText()).toContain(failed);
      await page.goto(`${gateway.url}/dashboard/calls/nobody`);
      await page.getByRole('alert').filter({ hasText: 'nobody' }).waitFor();
      expect(complaints.filter(text => !text.includes('404'))).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'shows the candidates and the attempts of a call that was routed',
    async () => {
      const policy = { name: 'safe', targets: [{ model: MODEL }, { model: 'anthropic/claude-haiku-4-5' }] };
      expect(
        (await admin('POST', `/admin/projects/${gateway.projectId}/routing-policies`, policy)).status,
      ).toBe(201);
      const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.projectKey, maxRetries: 0 });
      const { request_id: id } = await client.chat.completions
        .create({ model: 'safe', messages: [{ role: 'user', content: 'Hello' }] })
        .withResponse();
      await recorded(id ?? '');
      const { context, page, complaints } = await visit();
      await logIn(page);
      await page.getByRole('link', { name: 'Calls' }).click();
      await page.locator(`a[href$="${id}"]`).click();

      await page.getByRole('region', { name: 'Candidates' }).waitFor();
      const candidates = await page.getByRole('region', { name: 'Candidates' }).innerText();
      expect(candidates).toMatch(/1\s+openai\/gpt-4\.1-mini[^\n]*\n2\s+anthropic\/claude-haiku-4-5/);
      expect(await page.getByRole('region', { name: 'Attempts' }).last().innerText()).toMatch(
        /openai\/gpt-4\.1-mini.*answered/,
      );
      expect(await page.locator('main').innerText()).toContain('safe@1');
      await expectOpenToAll(page);
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});

async function admin<Body>(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${gateway.adminKey}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Body };
}

/** A call's record; the feed is told before the store. */
function recorded(id: string): Promise<{ status: number; body: { inputTokens: number } }> {
  return eventually(async () => {
    const answer = await admin<{ inputTokens: number }>('GET', `/admin/usage/${id}`);
    expect(answer.status).toBe(200);
    return answer;
  });
}
