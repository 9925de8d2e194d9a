import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import OpenAI from 'openai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { browserPath, itInBrowser, launchBrowser } from './support/browser.js';
import { type BuiltGateway, startBuiltGateway } from './support/built-gateway.js';

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

/** A call that an official SDK makes. */
async function call(content: string): Promise<void> {
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.projectKey, maxRetries: 0 });
  await client.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content }] });
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
    'shows calls as they end, and what they cost',
    async () => {
      const { context, page, complaints } = await visit();
      await logIn(page);
      await page.getByText('Live', { exact: true }).waitFor();
      await call('Hello');
      const latest = page.getByRole('region', { name: 'Latest calls' });
      const row = latest.locator('tbody tr');
      await row.waitFor();
      expect(await row.innerText()).toMatch(/openai\/gpt-4\.1-mini.*completed/s);
      await page
        .getByText(/^\$0\.0*[1-9]/)
        .first()
        .waitFor(); // the spend of the day
      expect(await page.locator('canvas').count()).toBe(2);
      await expectOpenToAll(page);

      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});
