import { type Database, StaleVersionError, StoreUnavailableError } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import { auditRepository } from '../audit.module.js';
import { AuditTrail, type Change } from './audit-trail.service.js';

const CHANGE: Change = {
  action: 'project.update',
  targetId: 'p1',
  projectId: 'p1',
  before: { name: 'old', strict: false, allowed: ['a'], version: 1 },
  after: { name: 'new', strict: false, allowed: ['a', 'b'], version: 2 },
};

describe('AuditTrail', () => {
  let database: Database;
  let trail: AuditTrail;

  beforeEach(async () => {
    database = openInMemory();
    trail = new AuditTrail(await auditRepository.useFactory(database));
  });

  afterEach(async () => {
    await database.close();
  });

  const told = async (): Promise<unknown[]> => (await trail.list({}, { limit: 10 })).data;

  it('gives the result of a change, and tells what it changed', async () => {
    await expect(trail.tell(BY, CHANGE, async () => 'done')).resolves.toBe('done');

    await expect(told()).resolves.toMatchObject([
      {
        actorId: 'tester',
        at: '2026-11-24T00:00:00.000Z',
        before: { name: 'old', allowed: ['a'] },
        after: { name: 'new', allowed: ['a', 'b'] },
        outcome: 'made',
      },
    ]);
  });

  it('tells all of what is new, and of what is gone', async () => {
    await trail.tell(BY, { ...CHANGE, before: undefined }, async () => undefined);
    await trail.tell(BY, { ...CHANGE, after: undefined }, async () => undefined);

    const entries = await told();
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual(
      expect.objectContaining({ before: null, after: { name: 'new', strict: false, allowed: ['a', 'b'] } }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ after: null, before: { name: 'old', strict: false, allowed: ['a'] } }),
    );
  });

  it('has the entry written before the change is made, and takes it back when the change is refused', async () => {
    const refused = trail.tell(BY, CHANGE, async () => {
      await expect(told()).resolves.toMatchObject([{ outcome: 'unknown' }]);
      throw new StaleVersionError();
    });

    await expect(refused).rejects.toThrow(StaleVersionError);
    await expect(told()).resolves.toEqual([]);
  });

  it.each([new StoreUnavailableError(), new Error('unforeseen')])(
    'keeps the entry when nobody knows whether the change was made: %s',
    async failure => {
      await expect(trail.tell(BY, CHANGE, () => Promise.reject(failure))).rejects.toBe(failure);

      await expect(told()).resolves.toMatchObject([{ action: 'project.update', outcome: 'unknown' }]);
    },
  );

  it('tells changes of one millisecond in their order', async () => {
    const actions = Array.from({ length: 200 }, (_, at) => `change.${at}`);
    for (const action of actions) {
      await trail.tell(BY, { ...CHANGE, action }, async () => undefined);
    }
    const { data } = await trail.list({}, { limit: 200 });

    expect(data.map(({ action }) => action).toReversed()).toEqual(actions);
  });

  it('makes no change that it cannot tell', async () => {
    await database.close();
    let made = false;
    const untold = trail.tell(BY, CHANGE, async () => {
      made = true;
    });

    await expect(untold).rejects.toThrow(StoreUnavailableError);
    expect(made).toBe(false);
  });
});
