import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { HealthFactsRepository } from '../domain/health/health-facts.repository.js';
import type { HealthReport } from '../domain/health/health-report.entity.js';
import { healthFactsRepository } from '../routing.module.js';

describe.each(await databases())('HealthFactsRepository on %s', (_, open) => {
  let database: Database;
  let reports: HealthFactsRepository;

  beforeEach(async () => {
    database = await open();
    reports = await healthFactsRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  it('gives back exactly what the others told', async () => {
    await reports.put(aReport('me'));
    await reports.put(aReport('other'));

    await expect(reports.findOthers('me', 10)).resolves.toEqual([aReport('other')]);
  });

  it('keeps the last report of each', async () => {
    await reports.put(aReport('other'));
    const last = aReport('other', { version: 2, facts: { openings: [], keys: [], speeds: [] } });
    await reports.put(last);

    await expect(reports.findOthers('me', 10)).resolves.toEqual([last]);
  });

  it('lists the latest first, and no more than asked for', async () => {
    await reports.put(aReport('b', { writtenAt: 2 }));
    await reports.put(aReport('c', { writtenAt: 3 }));
    await reports.put(aReport('a', { writtenAt: 1 }));

    const found = await reports.findOthers('me', 2);
    expect(found.map(({ replica }) => replica)).toEqual(['c', 'b']);
  });

  it('deletes what is old', async () => {
    await reports.put(aReport('old', { writtenAt: 1 }));
    await reports.put(aReport('new', { writtenAt: 2 }));

    await reports.deleteBefore(2);

    await expect(reports.findOthers('me', 10)).resolves.toEqual([aReport('new', { writtenAt: 2 })]);
  });
});

function aReport(replica: string, fields: Partial<HealthReport> = {}): HealthReport {
  return {
    replica,
    version: 1,
    writtenAt: Date.UTC(2026, 10, 26),
    facts: {
      openings: [
        { id: 'openai/gpt-5', number: 3, remainingMs: 1234.5, windowMs: 4000 },
        { id: 'openai/gpt-5', owner: 'project', number: 1, remainingMs: 2000, windowMs: 2000 },
      ],
      keys: [
        { keyId: 'a', model: null, remainingMs: 300_000, limited: false },
        { keyId: 'b', model: 'Füße "quoted"', remainingMs: 0.25, limited: true },
      ],
      speeds: [
        { id: 'openai/gpt-5', kind: 'wholes', ttftMs: 400, p50: 380, p95: 1200, tokensPerSecond: null },
      ],
    },
    ...fields,
  };
}
