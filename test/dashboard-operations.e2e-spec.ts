import { readFile } from 'node:fs/promises';
import OpenAI from 'openai';
import { itInBrowser } from './support/browser.js';
import { Dashboard, expectOpenToAll, MODEL, SLOW } from './support/dashboard.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, SLOW);
afterAll(() => dashboard?.stop());

describe('the pages for who runs the gateway', () => {
  itInBrowser(
    'show how well vendors are, and that one failed',
    async () => {
      await dashboard.call('Hello');
      await dashboard.call('[[sim:fault status=500]]').catch((error: unknown) => {
        expect(error).toBeInstanceOf(OpenAI.APIError);
      });
      const { context, page, complaints } = await dashboard.visit('vendors');
      await dashboard.logIn(page);
      const row = page.locator('tr', { hasText: MODEL });
      await row.getByText(/^500, /).waitFor();
      expect(await row.innerText()).toMatch(/closed.*\d+ ms/s);
      await page
        .getByRole('region', { name: 'All vendors' })
        .getByText('https://api.anthropic.com')
        .waitFor();
      await page.getByText('None: vendors take all keys now.').waitFor();
      await expectOpenToAll(page, 'vendors');
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'show what the cache of a project saves, and have it forgotten',
    async () => {
      const { projectId } = dashboard.gateway;
      const { status } = await dashboard.admin('PATCH', `/admin/projects/${projectId}`, { cache: 'all' });
      expect(status).toBe(200);
      await dashboard.call('Keep this');
      const { context, page, complaints } = await dashboard.visit(`cache?projectId=${projectId}`);
      await dashboard.logIn(page);
      await page.getByRole('heading', { name: 'Questions in other words' }).waitFor();
      await page.getByText('none was asked').waitFor();
      await page.getByLabel('Older than (seconds)').fill('-1');
      await page.getByRole('button', { name: 'Forget' }).click();
      await page.getByRole('alert').filter({ hasText: 'olderThanSeconds must not be less than 0' }).waitFor();
      await page.getByLabel('Older than (seconds)').fill('');
      await page.getByRole('button', { name: 'Forget' }).click();
      await page.getByText('1 answer is forgotten.').waitFor();
      await expectOpenToAll(page, 'cache');
      expect(complaints.filter(text => !text.includes('400'))).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'tell who changed what',
    async () => {
      const { projectId } = dashboard.gateway;
      await dashboard.admin('PATCH', `/admin/projects/${projectId}`, { concurrentCalls: 41 });
      const { context, page, complaints } = await dashboard.visit('audit');
      await dashboard.logIn(page);
      await page.getByText('api-key.create').first().waitFor();
      await page.getByLabel('In action, id or name').fill('PROJECT.up');
      await page.getByLabel('Project’s id').fill(projectId);
      await page.getByLabel('Kind of what was changed').fill('project');
      await page.getByLabel('Action', { exact: true }).fill('project.update');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText('api-key.create').waitFor({ state: 'detached' });
      const row = page.locator('tr', { hasText: 'concurrentCalls' }).first();
      expect(await row.innerText()).toContain('AI_GATEWAY_ADMIN_KEY');
      await row.getByText('concurrentCalls').first().click();
      await row.getByText('concurrentCalls: null → 41').waitFor();
      expect(page.url()).toContain('action=project.update');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download as CSV' }).click(),
      ]);
      const csv = await readFile(await download.path(), 'utf8');
      expect(csv).toMatch(/^id,at,.*\r\n.*project\.update/);
      expect(csv).not.toContain('api-key.create');
      await expectOpenToAll(page, 'audit');
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});
