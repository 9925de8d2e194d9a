import { itInBrowser } from './support/browser.js';
import { Dashboard, expectOpenToAll, SLOW } from './support/dashboard.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, SLOW);
afterAll(() => dashboard?.stop());

describe('the page of prices', () => {
  itInBrowser(
    'tells what a model costs, and puts a price of one’s own among the others',
    async () => {
      const others = { 'openai/gpt-9': { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 } };
      expect((await dashboard.admin('PUT', '/admin/prices', { prices: others })).status).toBe(200);
      const { context, page, complaints } = await dashboard.visit('prices');
      await dashboard.logIn(page);
      await page.getByRole('region', { name: 'Own prices' }).getByText('openai/gpt-9').waitFor();
      await page.getByLabel('Vendor', { exact: true }).fill('openai');
      await page.getByLabel('Vendor’s name of the model').fill('gpt-4o');
      await page.getByRole('button', { name: 'Look up' }).click();
      await page.getByText('by the bundled list').waitFor();
      expect(await page.getByRole('region', { name: 'Rates' }).innerText()).toMatch(/\$2\.50.*\$10\.00/s);
      await expectOpenToAll(page, 'prices');

      await page.getByLabel('Model', { exact: true }).fill('openai/gpt-4o');
      await page.getByLabel('Price (JSON)').fill('{');
      await page.getByRole('button', { name: 'Put price' }).click();
      await page.getByRole('alert').filter({ hasText: 'The price is no JSON.' }).waitFor();
      await page
        .getByLabel('Price (JSON)')
        .fill('{"input_cost_per_token": 0.00004, "output_cost_per_token": 0.00005}');
      await page.getByRole('button', { name: 'Put price' }).click();
      await page.getByText('It holds from the next call on.').waitFor();
      const { body } = await dashboard.admin<{ version: number; prices: object }>('GET', '/admin/prices');
      expect([body.version, Object.keys(body.prices).toSorted()]).toEqual([
        2,
        ['openai/gpt-4o', 'openai/gpt-9'],
      ]);
      await page
        .getByRole('region', { name: 'All versions' })
        .getByText('2', { exact: true })
        .first()
        .waitFor();
      await page.getByLabel('Vendor', { exact: true }).fill('openai');
      await page.getByLabel('Vendor’s name of the model').fill('gpt-4o');
      await page.getByRole('button', { name: 'Look up' }).click();
      await page.getByText('by your own prices').waitFor();
      expect(await page.getByRole('region', { name: 'Rates' }).innerText()).toContain('$40.00');
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});
