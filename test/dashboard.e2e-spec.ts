import OpenAI from 'openai';
import { itInBrowser } from './support/browser.js';
import { barriers, Dashboard, expectOpenToAll, MODEL, SLOW } from './support/dashboard.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, SLOW);
afterAll(() => dashboard?.stop());

describe('the dashboard in a browser', () => {
  itInBrowser(
    'lets in whoever has an admin key, keeps none, and lets nobody in who logged out',
    async () => {
      const { context, page, complaints } = await dashboard.visit();
      await page.getByLabel('Admin key').waitFor();
      expect(await barriers(page)).toEqual([]);
      await dashboard.logIn(page, 'ak_wrong');
      await page.getByRole('alert').filter({ hasText: 'not valid' }).waitFor();
      await dashboard.logIn(page);
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
      const { context, page, complaints } = await dashboard.visit();
      await dashboard.logIn(page);
      await page.getByText('Live', { exact: true }).waitFor();
      const id = await dashboard.call('Hello');
      const latest = page.getByRole('region', { name: 'Latest calls' });
      const row = latest.locator(`tr:has(a[href$="${id}"])`);
      await row.waitFor();
      expect(await row.innerText()).toMatch(/openai\/gpt-4\.1-mini.*completed/s);
      await page
        .getByText(/^\$0\.0*[1-9]/)
        .first()
        .waitFor(); // the spend of the day
      await page
        .locator('.tile', { hasText: 'Latency, p95' })
        .getByText(/^\d+ ms$/)
        .waitFor();
      expect(await page.locator('canvas').count()).toBe(2);
      await expectOpenToAll(page, 'overview');

      await page.getByRole('button', { name: 'Pause' }).click();
      const witness = await context.newPage();
      await witness.goto(page.url());
      await witness.getByText('Live', { exact: true }).waitFor();
      const link = `a[href$="${await dashboard.call('Again')}"]`;
      await witness.locator(link).waitFor();
      expect(await latest.locator(link).count()).toBe(0);
      await page.getByRole('button', { name: 'Go on' }).click();
      await latest.locator(link).waitFor();

      await row.getByRole('link').click();
      await page.getByRole('heading', { name: MODEL }).waitFor();
      await page.getByRole('heading', { name: 'Use and cost' }).waitFor();
      const { body } = await dashboard.recorded(id);
      const text = await page.locator('main').innerText();
      expect(text).toContain(id);
      expect(text).toContain(`Input tokens\n${body.inputTokens}`);
      expect(text).toContain('There was nothing to choose.');
      await expectOpenToAll(page, 'call');
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'sends people to the log-in when their key is revoked',
    async () => {
      const { context, page } = await dashboard.visit();
      const { id } = await dashboard.logInAs(page, 'viewer');
      await page.getByText('Live', { exact: true }).waitFor();
      await dashboard.admin('DELETE', `/admin/users/${id}`);

      await page.getByRole('alert').filter({ hasText: 'The session is over.' }).waitFor();
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'finds calls by what they were, page by page, and by their id',
    async () => {
      const { context, page, complaints } = await dashboard.visit();
      const failed = await dashboard
        .call('[[sim:fault status=400]]')
        .catch((error: unknown) => (error instanceof OpenAI.APIError ? (error.requestID ?? '') : ''));
      expect(failed).not.toBe('');
      const ids = await Promise.all(Array.from({ length: 51 }, (_, at) => dashboard.call(`Question ${at}`)));
      await dashboard.recorded(failed);
      await Promise.all(ids.map(id => dashboard.recorded(id)));
      await dashboard.logIn(page);
      await page.getByRole('link', { name: 'Calls' }).click();
      const rows = page.locator('tbody tr');
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText('Page 2').waitFor();
      await page.locator(`a[href$="${failed}"]`).waitFor();
      expect(await rows.count()).toBeLessThan(50);
      await page.getByRole('button', { name: 'Back' }).click();
      await page.getByText('Page 1').waitFor();

      await page.getByLabel('Outcome').selectOption('failed');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText(/^failed /).waitFor();
      expect(await rows.count()).toBe(1);
      expect(page.url()).toContain('/dashboard/calls?outcome=failed');
      await page.reload();
      await page.getByText(/^failed /).waitFor();
      await expectOpenToAll(page, 'calls');

      await page.getByLabel('Id').fill(failed);
      await page.getByLabel('Id').press('Enter');
      await page.getByRole('heading', { name: 'Use and cost' }).waitFor();
      expect(await page.locator('main').innerText()).toContain(failed);
      await page.goto(`${dashboard.gateway.url}/dashboard/calls/nobody`);
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
        (
          await dashboard.admin(
            'POST',
            `/admin/projects/${dashboard.gateway.projectId}/routing-policies`,
            policy,
          )
        ).status,
      ).toBe(201);
      const client = new OpenAI({
        baseURL: `${dashboard.gateway.url}/v1`,
        apiKey: dashboard.gateway.projectKey,
        maxRetries: 0,
      });
      const { request_id: id } = await client.chat.completions
        .create({ model: 'safe', messages: [{ role: 'user', content: 'Hello' }] })
        .withResponse();
      await dashboard.recorded(id ?? '');
      const { context, page, complaints } = await dashboard.visit();
      await dashboard.logIn(page);
      await page.getByRole('link', { name: 'Calls' }).click();
      await page.locator(`a[href$="${id}"]`).click();

      await page.getByRole('region', { name: 'Candidates' }).waitFor();
      const candidates = await page.getByRole('region', { name: 'Candidates' }).innerText();
      expect(candidates).toMatch(/1\s+openai\/gpt-4\.1-mini[^\n]*\n2\s+anthropic\/claude-haiku-4-5/);
      expect(await page.getByRole('region', { name: 'Attempts' }).last().innerText()).toMatch(
        /openai\/gpt-4\.1-mini.*answered/,
      );
      expect(await page.locator('main').innerText()).toContain('safe@1');
      await expectOpenToAll(page, 'call-routed');
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});
