import type { Page } from 'playwright-core';
import { itInBrowser } from './support/browser.js';
import { Dashboard, expectOpenToAll, MODEL, SLOW } from './support/dashboard.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, SLOW);
afterAll(() => dashboard?.stop());

/** A project with a key, made by hand as an administrator would. */
async function makeProject(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Projects' }).click();
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByLabel('Name').fill('shop');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'First key of shop' }).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name').fill('trial');
  await page.getByRole('button', { name: 'Create' }).click();
  const key = await page.getByRole('dialog').getByLabel('Key').inputValue();
  await page.getByRole('button', { name: 'Close' }).click();
  return key;
}

async function allowNextToNothing(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Projects' }).first().click();
  await page.getByRole('link', { name: 'shop' }).click();
  await page.getByRole('button', { name: 'New budget' }).click();
  await page.getByLabel('Name').fill('next to nothing');
  await page.getByLabel('Limit (US dollars)').fill('0.000000001');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('$0.000000001 a month').waitFor();
}

async function useKey(page: Page, key: string): Promise<void> {
  await page.getByRole('link', { name: 'Playground' }).click();
  await page.getByLabel('Project key').fill(key);
  await page.getByRole('button', { name: 'Use key' }).click();
}

async function say(page: Page, message: string): Promise<void> {
  await page.getByLabel('Model', { exact: true }).fill(MODEL);
  await page.getByLabel('Message').fill(message);
  await page.getByRole('button', { name: 'Send' }).click();
}

describe('the playground', () => {
  itInBrowser(
    'answers with a key that was just made, leaves a record, and says when the budget is used up',
    async () => {
      const { context, page, complaints } = await dashboard.visit();
      await dashboard.logIn(page);
      const witness = await context.newPage();
      await witness.goto(`${dashboard.gateway.url}/dashboard/`);
      await witness.getByText('Live', { exact: true }).waitFor();
      const key = await makeProject(page);
      await useKey(page, key);
      await page.getByText(/^It opens \d+ models\.$/).waitFor();
      await page.getByLabel('Most output tokens').fill('50');
      await say(page, 'Hello');
      const turn = page.getByRole('list', { name: 'Turns' }).getByRole('listitem');
      await turn.getByText('You said: Hello').waitFor();
      await turn
        .getByText(/openai\/gpt-4\.1-mini · \d+ tokens in, \d+ out · \$0\.0000\d+ · \d+ ms · 1 attempt/)
        .waitFor();
      const href = (await turn.getByRole('link', { name: 'record' }).getAttribute('href')) ?? '';
      await witness.locator(`a[href="${href}"]`).waitFor();
      await say(page, 'And again');
      await turn.last().getByText('You said: And again').waitFor();
      expect(await page.evaluate<string>('JSON.stringify([localStorage, sessionStorage])')).not.toContain(
        key,
      );
      expect(await page.evaluate<string>('document.cookie + location.href')).not.toContain(key);
      await expectOpenToAll(page, 'playground');

      await turn.first().getByRole('link', { name: 'record' }).click();
      await page.getByRole('heading', { name: 'Decision' }).waitFor();
      expect(page.url()).toContain(href);
      await page.getByText('/v1/chat/completions, streamed').waitFor();
      await allowNextToNothing(page);
      await useKey(page, key);
      await page.getByText(/^It opens/).waitFor();
      await say(page, 'More');
      await turn.getByText(/^402: .*next to nothing/).waitFor();
      await turn.getByRole('link', { name: 'record' }).click();
      await page.getByText(/^402 budget/).waitFor();
      expect(complaints.filter(text => !text.includes('402'))).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'stops an answer, and takes a key that does not work for no end of the session',
    async () => {
      const { context, page } = await dashboard.visit('playground');
      await dashboard.logIn(page);
      await useKey(page, 'pk_wrong');
      await page
        .getByRole('alert')
        .filter({ hasText: /^401: / })
        .waitFor();
      await useKey(page, dashboard.gateway.projectKey);
      await say(page, `[[sim:fault stall=900]] ${'word '.repeat(50)}`);
      await page.getByText(/^Model You/).waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('Stopped.').waitFor();
      await say(page, '[[sim:fault status=400]]');
      await page.getByText(/^400: /).waitFor();
      await context.close();
    },
    SLOW,
  );
});
