import { readFile } from 'node:fs/promises';
import { itInBrowser } from './support/browser.js';
import { Dashboard, expectOpenToAll, SLOW } from './support/dashboard.js';
import { eventually } from './support/eventually.js';

const OTHER = 'anthropic/claude-haiku-4-5';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, SLOW);
afterAll(() => dashboard?.stop());

/** Three calls, of two models; added up a moment after they ended. */
async function threeCalls(): Promise<void> {
  const ids = [
    await dashboard.call('One'),
    await dashboard.call('Two'),
    await dashboard.call('Three', OTHER),
  ];
  await Promise.all(ids.map(id => dashboard.recorded(id)));
  await eventually(async () => {
    const { body } = await dashboard.admin<{ data: { calls: number }[] }>(
      'GET',
      '/admin/usage/summary?interval=total',
    );
    expect(body.data[0]?.calls).toBe(3);
  });
}

describe('the page that explores calls', () => {
  itInBrowser(
    'tells any measure by what calls are told apart by, and keeps the question in the address',
    async () => {
      await threeCalls();
      const { context, page, complaints } = await dashboard.visit('explore');
      await dashboard.logIn(page);
      await page.getByRole('heading', { name: 'Explore' }).waitFor();
      const groups = page.getByRole('region', { name: 'Groups' });
      await groups.getByText('gpt-4.1-mini').waitFor();
      expect(await groups.innerText()).toMatch(/gpt-4\.1-mini\s+\$0\.0+\d+/);
      await page.locator('canvas').waitFor();

      await page.getByLabel('Measure').selectOption({ label: 'Requests' });
      await page.getByLabel('By', { exact: true }).selectOption('provider');
      await page.getByLabel('And by').selectOption('project');
      await page.getByLabel('Added up by').selectOption('hour');
      await page.getByRole('button', { name: 'Show' }).click();
      await groups.getByText('openai · built').waitFor();
      expect(await groups.innerText()).toMatch(/openai · built\s+2\s[^]*anthropic · built\s+1\s/);
      expect(page.url()).toContain('measure=requests&by=provider&and=project');
      await page.reload();
      await groups.getByText('openai · built').waitFor();
      expect(await page.getByLabel('Measure').inputValue()).toBe('requests');
      await expectOpenToAll(page, 'explore');

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download as CSV' }).click(),
      ]);
      const csv = await readFile(await download.path(), 'utf8');
      expect(csv).toMatch(/^start,/);
      expect(csv).toMatch(/openai,.*\r\n/);

      await page.locator('tr', { hasText: 'openai' }).getByRole('link', { name: 'its calls' }).click();
      await page.getByRole('region', { name: 'Calls on record' }).waitFor();
      expect(await page.locator('tbody tr').count()).toBe(2);
      expect(await page.locator('tbody').innerText()).not.toContain(OTHER);
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'draws latencies, adds small groups up, and says what is wrong with a question',
    async () => {
      const { context, page, complaints } = await dashboard.visit(
        'explore?measure=latency-p95&by=model&last=1',
      );
      await dashboard.logIn(page);
      await page
        .getByRole('region', { name: 'Groups' })
        .getByText(/^\d+ ms$/)
        .first()
        .waitFor();

      await page.goto(`${dashboard.gateway.url}/dashboard/explore?measure=requests&by=model&top=1`);
      const rest = page.locator('tr', { hasText: 'all others' });
      await rest.waitFor();
      expect(await rest.innerText()).toMatch(/^all others\s+1/);

      await page.getByLabel('Time').selectOption({ label: 'between two days' });
      await page.getByLabel('From (UTC)').fill('2026-02-02');
      await page.getByLabel('Before (UTC)').fill('2026-02-01');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.getByRole('alert').filter({ hasText: '`to` must be later than `from`.' }).waitFor();
      expect(complaints.filter(text => !text.includes('400'))).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'tells by end user and by tag, and leads to their calls, which say both',
    async () => {
      const labels = { 'x-llmhub-user': 'user-4711', 'x-llmhub-tags': 'team:search,night' };
      const id = await dashboard.call('Four', OTHER, labels);
      await dashboard.recorded(id);
      const { context, page, complaints } = await dashboard.visit('explore?measure=requests&by=tag');
      await dashboard.logIn(page);
      const groups = page.getByRole('region', { name: 'Groups' });
      await groups.getByText('team:search').waitFor();
      expect(await groups.innerText()).toMatch(/night\s+1\s[^]*team:search\s+1\s/);

      await page.getByLabel('By', { exact: true }).selectOption({ label: 'end user' });
      await page.getByRole('button', { name: 'Show' }).click();
      await groups.getByText('user-4711').waitFor();
      await page.getByLabel('And by').selectOption('tag');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.getByRole('alert').filter({ hasText: 'but not by both at once' }).waitFor();
      await page.goBack();
      await groups.getByText('user-4711').waitFor();
      await page.getByRole('link', { name: 'its calls' }).click();
      await page.getByRole('region', { name: 'Calls on record' }).waitFor();
      expect(page.url()).toContain('endUser=user-4711');
      expect(await page.locator('tbody tr').count()).toBe(1);
      await page.locator(`a[href$="${id}"]`).click();
      await page.getByRole('heading', { name: 'Use and cost' }).waitFor();
      expect(await page.locator('main').innerText()).toMatch(/user-4711[^]*team:search, night/);
      expect(complaints.filter(text => !text.includes('400'))).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});
