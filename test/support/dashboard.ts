import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import OpenAI from 'openai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { browserPath, launchBrowser } from './browser.js';
import { type BuiltGateway, startBuiltGateway } from './built-gateway.js';
import { eventually } from './eventually.js';

export const MODEL = 'openai/gpt-4.1-mini';
/** Of a test: it starts a browser, and has its pages drawn. */
export const SLOW = 120_000;

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PICTURES = 'test-results/dashboard';
const THEMES = ['light', 'dark'] as const;
const DESKTOP = { width: 1280, height: 720 };
const PATIENCE_MS = 15_000;
/** On how many lines the menu stands; none before somebody has logged in. */
const MENU_LINES = "new Set([...document.querySelectorAll('.top nav a')].map(link => link.offsetTop)).size";
const PHONE = { width: 360, height: 740 };

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained about: refused by the content security policy, an exception, a file that is not there. */
  readonly complaints: string[];
}

/** A built gateway, and a browser that looks at its dashboard. */
export class Dashboard {
  private constructor(
    readonly gateway: BuiltGateway,
    private readonly browser: Browser | undefined,
  ) {}

  /**
   * Without a browser where there is none: whose tests are skipped then.
   *
   * @param said a WAV file that its microphone hears
   */
  static async start(fill?: (databaseFile: string) => Promise<void>, said?: string): Promise<Dashboard> {
    return new Dashboard(await startBuiltGateway(fill), browserPath ? await launchBrowser(said) : undefined);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.gateway.stop();
  }

  /** As somebody else than before. @param path below `/dashboard/` */
  async visit(at = ''): Promise<Visit> {
    const browser = this.browser ?? (await launchBrowser());
    const context = await browser.newContext({ viewport: DESKTOP });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', message => {
      if (message.type() === 'error' && !message.text().includes('401')) {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', error => complaints.push(String(error)));
    page.on('request', request => {
      if (!request.url().startsWith(this.gateway.url)) {
        complaints.push(`asked ${request.url()}`);
      }
    });
    await page.goto(`${this.gateway.url}/dashboard/${at}`);
    return { context, page, complaints };
  }

  async logIn(page: Page, key: string = this.gateway.adminKey): Promise<void> {
    await page.getByLabel('Admin key').fill(key);
    await page.getByRole('button', { name: 'Log in' }).click();
  }

  /** Logs in as somebody new. */
  async logInAs(page: Page, role: 'viewer' | 'admin'): Promise<{ id: string }> {
    const { body } = await this.admin<{ id: string; key: string }>('POST', '/admin/users', {
      name: 'Ada',
      role,
    });
    await this.logIn(page, body.key);
    await page.getByText(`Ada · ${role}`).waitFor();
    return body;
  }

  /** The id of a call that an official SDK made. */
  async call(content: string, model = MODEL, headers: Record<string, string> = {}): Promise<string> {
    const { url, projectKey } = this.gateway;
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: projectKey, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content }];
    const asked = client.chat.completions.create({ model, messages }, { headers });
    const { request_id: id } = await asked.withResponse();
    return id ?? '';
  }

  async admin<Body>(method: string, at: string, body?: object): Promise<{ status: number; body: Body }> {
    const response = await fetch(this.gateway.url + at, {
      method,
      headers: { authorization: `Bearer ${this.gateway.adminKey}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Body };
  }

  /** A call's record; the feed is told before the store. */
  recorded(id: string): Promise<{ status: number; body: { inputTokens: number } }> {
    return eventually(async () => {
      const answer = await this.admin<{ inputTokens: number }>('GET', `/admin/usage/${id}`);
      expect(answer.status).toBe(200);
      return answer;
    });
  }
}

/** What axe finds that keeps people out, in words. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8')); // not a script of the page: its policy would not let it in
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/**
 * In both themes, with a menu on one line, and none wider than a phone.
 *
 * @param name of the pictures that are taken
 */
export async function expectOpenToAll(page: Page, name: string): Promise<void> {
  for (const theme of THEMES) {
    await page.getByLabel('Theme').selectOption(theme);
    await photograph(page, `${name}-${theme}`);
    expect([theme, await barriers(page)]).toEqual([theme, []]);
    expect(await page.evaluate<number>(MENU_LINES)).toBeLessThanOrEqual(1);
  }
  await page.setViewportSize(PHONE);
  await photograph(page, `${name}-phone`);
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(PHONE.width);
  await page.setViewportSize(DESKTOP);
}

/** For people: nothing is compared. CI keeps it. */
export async function photograph(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
}
