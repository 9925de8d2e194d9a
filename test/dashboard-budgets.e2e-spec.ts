import { itInBrowser } from './support/browser.js';
import { Dashboard, expectOpenToAll, SLOW } from './support/dashboard.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, SLOW);
afterAll(() => dashboard?.stop());

async function make(projectId: string, name: string): Promise<void> {
  const budget = { name, limitUsd: 0.00002, period: 'total', hard: false };
  const { status } = await dashboard.admin('POST', `/admin/projects/${projectId}/budgets`, budget);
  expect(status).toBe(201);
}

describe('the page of all budgets', () => {
  itInBrowser(
    'shows who only looks what is spent of them now, and leads to their projects',
    async () => {
      const { body: shop } = await dashboard.admin<{ id: string }>('POST', '/admin/projects', {
        name: 'shop',
      });
      const { context, page, complaints } = await dashboard.visit('budgets');
      await dashboard.logInAs(page, 'viewer');
      await page.getByText('Nothing limits what calls cost').waitFor();
      await make(dashboard.gateway.projectId, 'search');
      await make(shop.id, 'support');
      const [search, support] = ['search', 'support'].map(name => page.getByRole('article', { name }));
      await search?.getByText('$0.00 spent, $0.00002 left').waitFor();
      await search?.getByRole('link', { name: 'built' }).waitFor();
      await dashboard.call('Hello');
      await search?.getByText(/^\$0\.000\d+ spent, /).waitFor();
      expect(await search?.getByRole('progressbar').getAttribute('value')).toMatch(/^0\.000/);
      await support?.getByText('$0.00 spent, $0.00002 left').waitFor();
      await expectOpenToAll(page, 'budgets');
      await support?.getByRole('link', { name: 'shop' }).click();
      await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});
