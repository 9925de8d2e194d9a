import { randomUUID } from 'node:crypto';
import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { decisionRepository } from '../decisions.module.js';
import type { DecisionRepository } from '../domain/decision.repository.js';
import type { UsageDecision } from '../domain/usage-decision.entity.js';

describe.each(await databases())('DecisionRepository on %s', (_, open) => {
  let database: Database;
  let decisions: DecisionRepository;

  beforeAll(async () => {
    database = await open();
    decisions = await decisionRepository.useFactory(database);
  });
  afterAll(() => database.close());

  it('gives back exactly what was stored', async () => {
    const decision = JSON.stringify({
      text: 'é\0 "quoted" \ud83d',
      draw: 0.1 + 0.2,
      long: 'x'.repeat(16_000),
    });
    const stored = aDecision({ decision });
    await decisions.insertMany([stored]);

    await expect(decisions.findById(stored.id)).resolves.toEqual(stored);
    await expect(decisions.findById(randomUUID())).resolves.toBeNull();
  });

  it('takes a batch once that comes twice, also when part of it is new', async () => {
    const projectId = randomUUID();
    const all = [1, 2, 3].map(receivedAt => aDecision({ projectId, receivedAt }));
    await decisions.insertMany(all.slice(0, 2));
    await decisions.insertMany(all.map(d => ({ ...d, decision: '"again"' })));

    const stored = await decisions.page({ projectId }, null, 10);
    expect(stored.map(d => d.decision)).toEqual(['"again"', '{}', '{}']);
  });

  it('takes a batch of 200, and none', async () => {
    const projectId = randomUUID();
    await decisions.insertMany(Array.from({ length: 200 }, () => aDecision({ projectId })));
    await decisions.insertMany([]);

    await expect(decisions.page({ projectId }, null, 500)).resolves.toHaveLength(200);
  });

  it('filters by project and time, from inclusive, to exclusive', async () => {
    const projectId = randomUUID();
    const own = [0, 1, 2, 3].map(at => aDecision({ projectId, receivedAt: 7000 + at }));
    await decisions.insertMany([...own, aDecision({ receivedAt: 7001 })]);

    const times = async (filter: object): Promise<number[]> =>
      (await decisions.page({ projectId, ...filter }, null, 10)).map(d => d.receivedAt - 7000);
    expect(await times({})).toEqual([3, 2, 1, 0]);
    expect(await times({ from: 7001, to: 7003 })).toEqual([2, 1]);
    expect(await times({ from: 7004 })).toEqual([]);
    const all = await decisions.page({ from: 7000, to: 7004 }, null, 10);
    expect(all).toHaveLength(5);
  });

  it('pages through decisions of one millisecond without losing or repeating any', async () => {
    const projectId = randomUUID();
    const stored = Array.from({ length: 25 }, (_, at) =>
      aDecision({ projectId, receivedAt: 5000 + Math.floor(at / 10) }),
    );
    await decisions.insertMany(stored);

    const seen: UsageDecision[] = [];
    for (let page = await decisions.page({ projectId }, null, 4); page.length > 0;) {
      seen.push(...page);
      page = await decisions.page({ projectId }, seen.at(-1) ?? null, 4);
    }
    const latestFirst = stored.toSorted((a, b) => b.receivedAt - a.receivedAt || (a.id < b.id ? 1 : -1));
    expect(seen).toEqual(latestFirst);
  });
});

function aDecision(some: Partial<UsageDecision>): UsageDecision {
  return { id: randomUUID(), projectId: 'project-1', decision: '{}', receivedAt: 1000, ...some };
}
