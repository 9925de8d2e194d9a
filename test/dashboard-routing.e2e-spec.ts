import { itInBrowser } from './support/browser.js';
import { Dashboard, expectOpenToAll, SLOW } from './support/dashboard.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, SLOW);
afterAll(() => dashboard?.stop());

describe('the page of routing policies', () => {
  itInBrowser(
    'tries a policy before it is stored, says what is wrong with it, and changes what was changed alone',
    async () => {
      const { projectId } = dashboard.gateway;
      const { context, page, complaints } = await dashboard.visit(`routing?projectId=${projectId}`);
      await dashboard.logIn(page);
      await page.getByRole('button', { name: 'New policy' }).click();
      const editor = page.getByLabel('Policy (JSON)');
      const draft = { name: 'quick', strategy: 'luck', targets: [{ model: 'openai/gpt-4.1-mini' }] };
      await editor.fill('{"name": ');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').filter({ hasText: 'This is no JSON' }).waitFor();
      await editor.fill(JSON.stringify(draft));
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('alert').filter({ hasText: 'strategy must be one of' }).waitFor();
      await editor.fill(JSON.stringify({ ...draft, strategy: 'cheapest', hedge: true }));
      await page.getByRole('button', { name: 'Try' }).click();
      const dryRun = page.getByRole('region', { name: 'Dry run' });
      await dryRun.getByText('quick@0, no rule, ranked by cheapest').waitFor();
      expect(await dryRun.innerText()).toMatch(/1\s+openai\/gpt-4\.1-mini\s+\$0\.0/);
      const policies = `/admin/projects/${projectId}/routing-policies`;
      expect((await dashboard.admin<{ data: object[] }>('GET', policies)).body.data).toEqual([]);

      await page.getByRole('button', { name: 'Save' }).click();
      const row = page.locator('tr', { hasText: 'quick' });
      await row.getByText('cheapest').waitFor();
      await dashboard.call('Hello', 'quick');
      await expectOpenToAll(page, 'routing');
      await row.getByRole('button', { name: 'Edit' }).click();
      const stored = JSON.parse(await editor.inputValue()) as Record<string, unknown>;
      expect(stored).toMatchObject({ name: 'quick', hedge: true });
      const { hedge: _gone, ...rest } = stored;
      await editor.fill(JSON.stringify({ ...rest, maxAttempts: 2 }));
      await page.getByRole('button', { name: 'Try' }).click();
      await dryRun.getByText('quick@0').waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      const { body } = await dashboard.admin<{ data: object[] }>('GET', policies);
      expect(body.data).toMatchObject([{ name: 'quick', version: 2, hedge: false, maxAttempts: 2 }]);
      expect(complaints.filter(text => !text.includes('400'))).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});
