import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { itInBrowser } from './support/browser.js';
import { Dashboard, SLOW } from './support/dashboard.js';
import { fillWithCalls } from './support/million-calls.js';

const CALLS = 1_000_000;
const FILLING = 300_000;
/** What is asked on the screen, and in SQL. */
const MEASURES = [
  ['spend', 'sum(coalesce(usage."costNanoUsd", 0)) + sum(coalesce("differenceNanoUsd", 0))'],
  ['saved', 'sum("savedNanoUsd")'],
  ['requests', 'count(*)'],
  ['input-tokens', 'sum("inputTokens")'],
  ['output-tokens', 'sum("outputTokens")'],
  ['errors', `sum(outcome = 'failed')`],
  ['unpriced', 'sum(usage."costNanoUsd" is null)'],
] as const;

let dashboard: Dashboard;
let ledger: DatabaseSync;

beforeAll(async () => {
  dashboard = await Dashboard.start(file => fillWithCalls(file, CALLS));
  ledger = new DatabaseSync(path.join(dashboard.gateway.dataDir, 'gateway.db'), { readOnly: true });
}, FILLING);
afterAll(async () => {
  ledger?.close();
  await dashboard?.stop();
});

/** By project and model, as SQL finds it in the records and their corrections. */
function inLedger(sum: string): Map<string, bigint> {
  const question = ledger.prepare(`
    select usage."projectId" || ' · ' || coalesce("modelUsed", 'none') as name, ${sum} as sum
    from usage left join usage_corrections on usage_corrections."usageId" = usage.id
    group by usage."projectId", "modelUsed"`);
  question.setReadBigInts(true);
  return new Map(question.all().map(({ name, sum: value }) => [String(name), value as bigint]));
}

/** Of a million calls. */
describe('the numbers on the screen', () => {
  itInBrowser(
    'are what SQL says of the ledger, to the last digit',
    async () => {
      const { context, page, complaints } = await dashboard.visit('explore');
      await dashboard.logIn(page);
      await page.getByRole('heading', { name: 'Explore' }).waitFor();
      for (const [measure, sum] of MEASURES) {
        const { url } = dashboard.gateway;
        await page.goto(`${url}/dashboard/explore?measure=${measure}&by=project&and=model&last=7&top=50`);
        const told = inLedger(sum);

        expect(told.size).toBe(14);
        expect([measure, ...(await shownOn(page)).toSorted()]).toEqual([measure, ...[...told].toSorted()]);
      }
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );
});

async function shownOn(page: Page): Promise<[name: string, value: bigint][]> {
  const rows = page.getByRole('region', { name: 'Groups' }).locator('tbody tr');
  await rows.first().waitFor();
  const shown: [string, bigint][] = [];
  for (const row of await rows.all()) {
    const value = row.locator('td.number');
    const exact = (await value.getAttribute('title')) ?? (await value.innerText());
    shown.push([await row.locator('td').first().innerText(), wholeOf(exact)]);
  }
  return shown;
}

/** Nano-USD of an amount, or a count. */
function wholeOf(text: string): bigint {
  const [whole = '', part = ''] = text.replaceAll(/[$,]/g, '').split('.');
  return text.includes('$') ? BigInt(whole + part.padEnd(9, '0')) : BigInt(whole);
}
