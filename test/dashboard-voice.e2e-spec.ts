import { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import { itInBrowser } from './support/browser.js';
import { Dashboard, expectOpenToAll, SLOW } from './support/dashboard.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, SLOW);
afterAll(() => dashboard?.stop());

/** A session whose caller breaks in. */
async function talk(): Promise<void> {
  const { url, projectKey } = dashboard.gateway;
  const headers = { authorization: `Bearer ${projectKey}` };
  const client = await LiveClient.open(`${url}/v1/realtime?model=${MODEL}`, { headers });
  client.send(said('[[sim:count 1000]] [[sim:fault pace=5]]'), answer);
  await client.untilType('response.output_audio.delta', 3);
  client.send({ type: 'response.cancel' });
  await client.untilType('response.done');
  await client.close();
}

describe('the page of voice', () => {
  itInBrowser(
    'tells how sessions go for who listens, as they end and on record',
    async () => {
      const { context, page, complaints } = await dashboard.visit('voice');
      await dashboard.logIn(page);
      await page.getByText('There is no such session.').waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      await dashboard.call('Hello'); // not in it
      await talk();
      for (const name of ['First sound, p95', 'Barge-in, p95', 'Relay, p99']) {
        await page
          .locator('.tile', { hasText: name })
          .getByText(/\d ms, |\d frames, /)
          .waitFor();
      }
      const rows = page.locator('tbody tr');
      const session = rows.filter({ has: page.getByText('session', { exact: true }) });
      const part = rows.filter({ hasText: 'in a session' });
      await session.waitFor();
      await part.waitFor();
      expect(await rows.count()).toBe(2);
      expect(await session.innerText()).toMatch(/completed\s+–\s+–\s+\d+\.\d\d ms \/ \d+\.\d\d ms/);
      expect(await part.innerText()).toMatch(/aborted \S+\s+\d+ ms\s+\d+ ms\s+–\s+\$0\.\d+/);
      await expectOpenToAll(page, 'voice');

      await page.getByLabel('Model').fill('no-such-model');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText('There is no such session.').waitFor();
      expect(page.url()).toContain('model=no-such-model');
      await page.goBack();
      await part.getByRole('link').click();
      await page.getByRole('heading', { level: 1, name: MODEL }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});
