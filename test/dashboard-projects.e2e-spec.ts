import type { Page } from 'playwright-core';
import { itInBrowser } from './support/browser.js';
import { barriers, Dashboard, expectOpenToAll, photograph, SLOW } from './support/dashboard.js';
import { eventually } from './support/eventually.js';

/** Words of buttons that change something. */
const CHANGING =
  /^(New|Edit|Create|Change|Delete|Rotate|Revoke|Suspend|Activate|Restore|Set|Forget|Save|Put)/;

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, SLOW);
afterAll(() => dashboard?.stop());

/** The key that a dialog shows, which is closed then. */
async function shownKey(page: Page): Promise<string> {
  const key = await page.getByRole('dialog').getByLabel('Key').inputValue();
  expect(key).toMatch(/^pk_/);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  return key;
}

async function statusWith(key: string): Promise<number> {
  const { status } = await fetch(`${dashboard.gateway.url}/v1/key`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return status;
}

describe('the pages of projects', () => {
  itInBrowser(
    'make a project and its keys, show each key once, and revoke them',
    async () => {
      const { context, page, complaints } = await dashboard.visit('projects');
      await dashboard.logIn(page);
      await page.getByRole('link', { name: 'built' }).waitFor();
      await expectOpenToAll(page, 'projects');
      const opener = page.getByRole('button', { name: 'New project' });
      await opener.click();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await page.locator(':focus').innerText()).toBe('New project');
      await opener.click();
      await page.getByLabel('Name').fill(' ');
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('alert').filter({ hasText: 'name must be' }).waitFor();
      expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
      expect(await page.locator(':focus').getAttribute('name')).toBe('name');
      expect(await barriers(page)).toEqual([]);
      await page.getByLabel('Name').fill('shop');
      await page.getByLabel('Name').press('Enter');
      await page.getByRole('heading', { name: 'First key of shop' }).waitFor();
      expect(await statusWith(await shownKey(page))).toBe(200);

      await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
      await page.getByRole('button', { name: 'New key' }).click();
      await page.getByLabel('Name').fill('webshop');
      await page.getByLabel('Models').fill('openai/*');
      await page.getByRole('dialog').getByLabel('Requests a minute').fill('0');
      await page.getByRole('button', { name: 'Create' }).click();
      await page
        .getByRole('alert')
        .filter({ hasText: 'requestsPerMinute must not be less than 1' })
        .waitFor();
      await photograph(page, 'project-new-key');
      await page.getByRole('dialog').getByLabel('Requests a minute').fill('60');
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('button', { name: 'Copy' }).click();
      await page.getByText(/^(Copied\.|This browser)/).waitFor();
      const old = await shownKey(page);
      const row = page.locator('tr', { hasText: 'webshop' });
      expect(await row.innerText()).toMatch(/active\s+openai\/\*\s+60 requests a minute/);
      expect(await page.content()).not.toContain(old);

      await row.getByRole('button', { name: 'Rotate' }).click();
      await page.getByLabel('Both work for').selectOption({ label: 'an hour' });
      await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
      const fresh = await shownKey(page);
      expect([await statusWith(old), await statusWith(fresh)]).toEqual([200, 200]);
      await page.getByText('active, rotated').waitFor();
      await row.last().getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await page.getByText('revoked').waitFor();
      await eventually(async () => expect(await statusWith(fresh)).toBe(401));
      expect(complaints.filter(text => !text.includes('400'))).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'set limits, days and budgets, and show what is spent of them',
    async () => {
      const { projectId } = dashboard.gateway;
      const { context, page, complaints } = await dashboard.visit(`projects/${projectId}`);
      await dashboard.logIn(page);
      await page.getByLabel('Calls at a time').fill('7');
      await page.getByRole('button', { name: 'Set limits' }).click();
      await page.getByText('They hold from now on.').waitFor();
      const { body } = await dashboard.admin<{ concurrentCalls: number }>(
        'GET',
        `/admin/projects/${projectId}`,
      );
      expect(body.concurrentCalls).toBe(7);

      await page.getByLabel('Usage records').fill('-1');
      await page.getByRole('button', { name: 'Set days' }).click();
      await page
        .getByRole('alert')
        .filter({ hasText: 'retentionUsageDays must not be less than 0' })
        .waitFor();
      await page.getByLabel('Usage records').fill('90');
      await page.getByLabel('Stored responses').fill('7');
      await page.getByRole('button', { name: 'Set days' }).click();
      await page.getByText('What is older goes within minutes.').waitFor();
      await page.getByText('0: not at all. Empty: as the gateway does, 30 days.').waitFor();
      await expect(dashboard.admin('GET', `/admin/projects/${projectId}`)).resolves.toMatchObject({
        body: { retentionUsageDays: 90, retentionDecisionDays: null, retentionResponseDays: 7 },
      });

      await page.getByRole('button', { name: 'New budget' }).click();
      await page.getByLabel('Name').fill('search');
      await page.getByLabel('Limit (US dollars)').fill('0.00002');
      await page.getByLabel('In each').selectOption('total');
      await page.getByLabel('What might exceed it').selectOption({ label: 'is counted' });
      await page.getByRole('button', { name: 'Create' }).click();
      const budget = page.getByRole('article', { name: 'search' });
      await budget.getByText('$0.00002 in all, only counted').waitFor();
      await budget.getByText('$0.00 spent, $0.00002 left').waitFor();
      await dashboard.call('Hello');
      await budget.getByText(/^\$0\.000\d+ spent, \$0\.0000\d+ left/).waitFor();
      expect(await budget.getByRole('progressbar').getAttribute('value')).toMatch(/^0\.000/);
      await expectOpenToAll(page, 'project');

      await budget.getByRole('button', { name: 'Change' }).click();
      expect(await page.getByLabel('Limit (US dollars)').inputValue()).toBe('0.00002');
      await page.getByLabel('Limit (US dollars)').fill('2.5');
      await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
      await budget.getByText('$2.50 in all').waitFor();
      await budget.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Nothing limits what its calls cost.').waitFor();
      expect(complaints.filter(text => !text.includes('400'))).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'suspend a project after asking once more',
    async () => {
      const { body } = await dashboard.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
        name: 'old',
      });
      const { context, page } = await dashboard.visit(`projects/${body.id}`);
      await dashboard.logIn(page);
      await page.getByRole('button', { name: 'Suspend' }).click();
      expect(await statusWith(body.apiKey)).toBe(200);
      await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
      await page.getByText('suspended').waitFor();
      await eventually(async () => expect(await statusWith(body.apiKey)).toBe(403));
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'have no button that changes something for who only looks',
    async () => {
      const { projectId } = dashboard.gateway;
      const budget = { name: 'all', limitUsd: 5, period: 'day' };
      expect((await dashboard.admin('POST', `/admin/projects/${projectId}/budgets`, budget)).status).toBe(
        201,
      );
      const { context, page } = await dashboard.visit();
      await dashboard.logInAs(page, 'viewer');
      const addresses = await page
        .getByRole('navigation')
        .getByRole('link')
        .evaluateAll(links => links.map(link => link.getAttribute('href') ?? ''));
      expect(addresses).toContain('/dashboard/projects');
      for (const address of [...addresses, `/dashboard/projects/${projectId}`]) {
        await page.goto(dashboard.gateway.url + address);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('load');
        expect([address, await page.getByRole('button', { name: CHANGING }).count()]).toEqual([address, 0]);
      }
      await page.getByRole('article', { name: 'all' }).getByText('$5.00 left').waitFor();
      await page.getByText('first key').waitFor();
      expect(await page.getByRole('button', { name: CHANGING }).count()).toBe(0);
      await context.close();
    },
    SLOW,
  );
});
