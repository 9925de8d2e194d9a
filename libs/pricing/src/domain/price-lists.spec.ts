import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CATALOGUE_VERSION, cost } from '@app/providers';
import {
  type Author,
  ConflictError,
  createLogger,
  InvalidRequestError,
  NotFoundError,
  readConfig,
  StaleVersionError,
} from '@app/shared';
import { openPricing, type TestPricing } from '../../../../test/support/pricing.js';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';

import { PricesRefresh } from './prices-refresh.js';

const OTHER: Author = { ...BY, id: 'other', name: 'Other' };
const folder = mkdtempSync(path.join(tmpdir(), 'pricing-'));
afterAll(() => rmSync(folder, { recursive: true }));

let test: TestProjects;
let pricing: TestPricing;

beforeEach(async () => {
  test = await openProjects();
  pricing = await openPricing(test);
});
afterEach(() => test.database.close());

const priced = (usd: number): Record<string, unknown> => ({ 'openai/gpt-4o': { input_cost_per_token: usd } });
const put = (usd: number, by = BY): Promise<void> => pricing.changes.replace(by, priced(usd));

/** Nano-USD of one token. */
const tokenCost = ({ book }: TestPricing): number | null =>
  cost(book.priceOf('openai', 'gpt-4o'), { inputTokens: 1, outputTokens: 0 });

async function told(): Promise<unknown[]> {
  const { data } = await test.audit.list({}, { limit: 100 });
  return data
    .filter(({ targetId }) => targetId === 'prices')
    .map(({ action, actorId, before, after, outcome }) => ({ action, actorId, before, after, outcome }));
}

describe('prices that are put', () => {
  it('hold from then on, as a version of their own', async () => {
    expect(pricing.lists.current()).toEqual({ list: null, priceVersion: CATALOGUE_VERSION });
    await put(1e-6);

    expect(tokenCost(pricing)).toBe(1000);
    expect(pricing.lists.current()).toMatchObject({
      list: { version: 1, source: 'api', models: 1, prices: priced(1e-6), authorName: 'Tester' },
      priceVersion: `${CATALOGUE_VERSION}+1`,
    });
    await put(2e-6, OTHER);
    expect(tokenCost(pricing)).toBe(2000);
    expect(pricing.lists.current()).toMatchObject({ list: { version: 2, authorName: 'Other' } });
    await expect(pricing.lists.version('1')).resolves.toMatchObject({ prices: priced(1e-6) });
    expect((await told())[0]).toMatchObject({
      action: 'prices.update',
      actorId: 'other',
      before: { priceList: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      after: { priceList: 2 },
      outcome: 'made',
    });
  });

  it('change nothing when they are the same, and are gone when there are none', async () => {
    await pricing.changes.replace(BY, {});
    await put(1e-6);
    await put(1e-6);
    await expect(told()).resolves.toHaveLength(1);

    await pricing.changes.replace(BY, {});
    expect(tokenCost(pricing)).toBe(2500);
    expect(pricing.book.inForce.version).toBe(`${CATALOGUE_VERSION}+2`);
  });

  it('are put by one of many at a time, each once', async () => {
    await Promise.all([1, 2, 3, 4].map(usd => put(usd)));
    const { data } = await pricing.lists.versions({ limit: 2 });

    expect(data.map(({ version }) => version)).toEqual([4, 3]);
    await expect(pricing.lists.versions({ limit: 3, after: '4' })).resolves.toMatchObject({ next: null });
    expect(tokenCost(pricing)).toBe(
      cost((await pricing.lists.priceList('4')).priceOf('openai', 'gpt-4o'), {
        inputTokens: 1,
        outputTokens: 0,
      }),
    );
  });

  it('are refused to who has seen others, also those of another gateway', async () => {
    const second = await openPricing(test);
    await put(1e-6);

    await expect(second.changes.replace({ ...BY, seen: ['"0"'] }, priced(2e-6))).rejects.toThrow(
      StaleVersionError,
    );
    await second.changes.replace({ ...BY, seen: ['"1"'] }, priced(2e-6));
    expect(tokenCost(second)).toBe(2000);
    expect(tokenCost(pricing)).toBe(1000); // until it asks the store
    await expect(told()).resolves.toHaveLength(2);
  });

  it('come into force at another gateway when it asks the store, and hold on while that is away', async () => {
    const lines: string[] = [];
    const second = await openPricing(test);
    const logger = createLogger('warn', { write: line => lines.push(line) });
    const refresh = new PricesRefresh(second.inForce, readConfig({}), logger);
    await put(1e-6);
    await refresh.run();
    expect(tokenCost(second)).toBe(1000);

    expect(lines).toEqual([]);
    await test.database.close();
    await refresh.run();
    await refresh.run();
    expect(lines).toHaveLength(1);
    expect(tokenCost(second)).toBe(1000);
  });

  it.each([
    [{ 'a/b': { input_cost_per_token: '1' } }, /entry 'a\/b': input_cost_per_token is/],
    [{ 'a/b': { input_cost_per_token: -1 } }, /entry 'a\/b': input_cost_per_token is/],
    [{ 'a/b': [] }, /entry 'a\/b' must be an object/],
    [{ 'a/b': {} }, /entry 'a\/b' has no price/],
    [{ 'a/b': null }, /entry 'a\/b' must be an object/],
  ])('are refused when they cannot be read: %j', async (prices, message) => {
    const putting = pricing.changes.replace(BY, prices);
    await expect(putting).rejects.toThrow(InvalidRequestError);
    await expect(putting).rejects.toThrow(message);
    expect(pricing.lists.current().list).toBeNull();
    await expect(told()).resolves.toEqual([]);
  });

  it('are there after a restart', async () => {
    await put(1e-6);
    const restarted = await openPricing(test);

    expect(tokenCost(restarted)).toBe(1000);
    expect(restarted.book.inForce.version).toBe(`${CATALOGUE_VERSION}+1`);
  });
});

/** A gateway with a file of such prices. */
async function startWith(usd: number): Promise<TestPricing> {
  const file = path.join(folder, `${usd}.json`);
  writeFileSync(file, JSON.stringify(priced(usd)));
  return openPricing(test, { AI_GATEWAY_PRICES_FILE: file });
}

describe('prices of a file', () => {
  it('are kept once, whoever starts with them', async () => {
    await put(9e-6);
    const started = await Promise.all([startWith(1e-6), startWith(1e-6), startWith(1e-6)]);

    expect(started.map(({ book }) => book.inForce.version)).toEqual(Array(3).fill(`${CATALOGUE_VERSION}+2`));
    expect(started.map(tokenCost)).toEqual([1000, 1000, 1000]);
    expect((await told())[0]).toMatchObject({ action: 'prices.file', actorId: 'gateway' });
    const other = await startWith(2e-6);
    expect(other.lists.current()).toMatchObject({ list: { version: 3, source: 'file' } });
    expect((await startWith(1e-6)).book.inForce.version).toBe(`${CATALOGUE_VERSION}+2`);
  });

  it('hold alone: none can be put, and without the file those hold that were put', async () => {
    await put(9e-6);
    const started = await startWith(1e-6);

    await expect(started.changes.replace(BY, priced(1))).rejects.toThrow(ConflictError);
    expect(tokenCost(started)).toBe(1000);
    expect(tokenCost(await openPricing(test))).toBe(9000);
  });
});

describe('a version to reckon with', () => {
  it('is a number, or what usage records keep', async () => {
    await put(1e-6);
    const versions = ['1', `${CATALOGUE_VERSION}+1`, '0', CATALOGUE_VERSION];
    const lists = await Promise.all(versions.map(version => pricing.lists.priceList(version)));

    expect(lists.map(({ version }) => version)).toEqual([
      `${CATALOGUE_VERSION}+1`,
      `${CATALOGUE_VERSION}+1`,
      CATALOGUE_VERSION,
      CATALOGUE_VERSION,
    ]);
  });

  it('must be one that can be had', async () => {
    await expect(pricing.lists.priceList('7')).rejects.toThrow(NotFoundError);
    await expect(pricing.lists.priceList('0.0.1+1')).rejects.toThrow(/has .*number of the price list alone/);
    for (const garbage of ['', 'x', '1.5', '-1', '0.1.8+', '99999999999', "1'--"]) {
      await expect(pricing.lists.priceList(garbage)).rejects.toThrow(InvalidRequestError);
    }
  });
});
