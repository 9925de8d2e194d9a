import { createLogger, type Database, replaceRecord, RingKey, Secrets } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { alertRepository, alertStateRepository } from '../alert-storage.module.js';
import { type AlertState, claimed, judged, newState } from '../domain/alert-state.js';
import type { AlertStateRepository } from '../domain/alert-state.repository.js';
import { ALERT_DEFAULTS, type StoredAlert } from '../domain/alert.entity.js';
import type { AlertRepository } from '../domain/alert.repository.js';
import { KeptAlerts } from '../domain/kept-alerts.js';

function made(some: Partial<StoredAlert> = {}): StoredAlert {
  return {
    id: 'alert-1',
    ...ALERT_DEFAULTS,
    name: 'tea ü',
    condition: 'budget',
    thresholds: [50, 99.5],
    maskedUrl: 'https://hooks.example.com/…9a2e',
    maskedSecret: '…LaSw',
    createdAt: '2026-11-28T10:20:30.456Z',
    version: 1,
    envelope: `v1.key.${'x'.repeat(100)}`,
    ...some,
  };
}

function reached(found: AlertState | null): AlertState | null {
  const before = found ?? newState('alert-1');
  const after = judged(made(), before, [{ subject: 'tea', about: 'Tea ü', value: 60 }], 1000);
  return after === before ? null : after;
}

describe.each(await databases())('AlertRepository on %s', (_, open) => {
  let database: Database;
  let alerts: AlertRepository;

  beforeEach(async () => {
    database = await open();
    alerts = await alertRepository.useFactory(database);
  });
  afterEach(() => database.close());

  it('keeps an alert as it was, with a project and without', async () => {
    const ofProject = made({ id: 'alert-2', projectId: 'project-1' });
    await alerts.insert(made());
    await alerts.insert(ofProject);

    await expect(alerts.findById('alert-1')).resolves.toEqual(made());
    await expect(alerts.findById('alert-2')).resolves.toEqual(ofProject);
    await expect(alerts.findById('alert-3')).resolves.toBeNull();
    await expect(alerts.idsOf('project-1')).resolves.toEqual(['alert-2']);
  });

  it('replaces and deletes the latest version alone', async () => {
    await alerts.insert(made());
    const second = made({ thresholds: [80], version: 2 });
    const replaced = await Promise.all([second, second].map(alert => alerts.replace(alert)));

    expect(replaced.toSorted()).toEqual([false, true]);
    await expect(alerts.findById('alert-1')).resolves.toEqual(second);
    await expect(alerts.delete(made())).resolves.toBe(false);
    await expect(alerts.delete(second)).resolves.toBe(true);
    await expect(alerts.findById('alert-1')).resolves.toBeNull();
  });

  it('lists the oldest first, and deletes those of a project', async () => {
    for (const id of ['b', 'a', 'c']) {
      await alerts.insert(made({ id, projectId: id === 'c' ? null : 'project-1' }));
    }
    const ids = async (limit: number, after?: string): Promise<string[]> =>
      (await alerts.list(limit, after)).map(({ id }) => id);

    expect(await ids(2)).toEqual(['a', 'b']);
    expect(await ids(2, 'b')).toEqual(['c']);
    await alerts.deleteOf('project-1');
    expect(await ids(9)).toEqual(['c']);
  });

  it('has envelopes replaced that nobody has replaced meanwhile', async () => {
    await alerts.insert(made());
    const { envelope } = made();

    await expect(alerts.listSealed(9)).resolves.toEqual([{ id: 'alert-1', projectId: '', envelope }]);
    await expect(alerts.replaceEnvelope('alert-1', envelope, 'v1.new.y')).resolves.toBe(true);
    await expect(alerts.replaceEnvelope('alert-1', envelope, 'v1.other.y')).resolves.toBe(false);
    await expect(alerts.findById('alert-1')).resolves.toEqual(made({ envelope: 'v1.new.y' }));
  });
});

describe.each(await databases())('AlertStateRepository on %s', (_, open) => {
  let database: Database;
  let states: AlertStateRepository;

  beforeEach(async () => {
    database = await open();
    states = await alertStateRepository.useFactory(database);
  });
  afterEach(() => database.close());

  it('lets one of many gateways note a crossing, and one of many send it', async () => {
    const noted = await Promise.all(
      Array.from({ length: 5 }, () => replaceRecord(states, 'alert-1', reached)),
    );
    expect(noted.filter(change => change !== null)).toHaveLength(1);
    const state = await states.find('alert-1');
    expect(state).toMatchObject({ version: 1, firing: [{ subject: 'tea', about: 'Tea ü', threshold: 50 }] });

    const taken = await Promise.all(
      Array.from({ length: 5 }, () =>
        replaceRecord(states, 'alert-1', found => found && claimed(found, 1000)),
      ),
    );
    expect(taken.filter(change => change !== null)).toHaveLength(1);
  });

  it('goes with the alerts of a project', async () => {
    const alerts = await alertRepository.useFactory(database);
    const secrets = new Secrets([new RingKey(Buffer.alloc(32, 7))]);
    const kept = new KeptAlerts(alerts, states, secrets, createLogger('silent'));
    for (const [id, projectId] of [
      ['a', 'project-1'],
      ['b', 'project-2'],
    ] as const) {
      await alerts.insert(made({ id, projectId }));
      await states.put({ ...newState(id), version: 1 });
    }
    await kept.deleteOf('project-1');

    await expect(states.find('a')).resolves.toBeNull();
    await expect(kept.list(9)).resolves.toEqual([made({ id: 'b', projectId: 'project-2' })]);
    await expect(states.find('b')).resolves.not.toBeNull();
  });

  it('deletes those it is told, and no others', async () => {
    await states.put({ ...newState('a'), version: 1 });
    await states.put({ ...newState('b'), version: 1 });
    await states.delete(['a', 'never']);
    await states.delete([]);

    await expect(states.find('a')).resolves.toBeNull();
    await expect(states.find('b')).resolves.toEqual({ ...newState('b'), version: 1 });
  });
});
