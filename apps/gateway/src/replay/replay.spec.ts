import { plan } from '@app/routing';
import { Chance, randomSnapshot } from '../../../../test/support/random-snapshots.js';
import { Replay } from './replay.js';

interface Made {
  readonly snapshot: ReturnType<typeof randomSnapshot>;
  readonly plan: ReturnType<typeof plan>;
}

/** A decision as the store gives it back. */
function recorded(chance: Chance): Made {
  const snapshot = randomSnapshot(chance);
  return JSON.parse(JSON.stringify({ snapshot, plan: plan(snapshot), attempts: [] })) as Made;
}

describe('a replay', () => {
  it('makes 100,000 recorded decisions again, and none differs', () => {
    const replay = new Replay();
    const chance = new Chance(20_261_126);
    const strategies = new Map<string, number>();
    let excluded = 0;
    for (let at = 0; at < 100_000; at += 1) {
      const decision = recorded(chance);
      const { ranking } = decision.snapshot;
      strategies.set(ranking, (strategies.get(ranking) ?? 0) + 1);
      excluded += decision.plan.excluded.some(why => why !== null) ? 1 : 0;
      replay.add(`call-${at}`, decision);
    }

    expect(replay).toMatchObject({ decisions: 100_000, differ: 0, truncated: 0, differences: [] });
    // What was replayed is worth it: every strategy, with and without exclusions.
    expect([...strategies.values()].every(count => count > 10_000)).toBe(true);
    expect(strategies.size).toBe(9);
    expect(excluded).toBeGreaterThan(20_000);
    expect(excluded).toBeLessThan(80_000);
  });

  it('finds every decision that was tampered with, and says in what', () => {
    const snapshot = { ...randomSnapshot(new Chance(7)), ranking: 'cheapest' as const, preferences: null };
    const [first] = snapshot.candidates;
    if (!first) {
      throw new Error('A snapshot has a candidate.');
    }
    const open = {
      group: 0,
      lacks: [],
      refuses: [],
      tooLong: false,
      closed: null,
      down: null,
      downForMs: 0,
    };
    const candidates = [300, 100, 200].map(cost => ({ ...first, ...open, cost }));
    const honest = { snapshot: { ...snapshot, candidates }, plan: plan({ ...snapshot, candidates }) };
    expect(honest.plan).toEqual({ order: [1, 2, 0], scores: [300, 100, 200], excluded: [null, null, null] });

    const replay = new Replay();
    replay.add('honest', honest);
    replay.add('order', { ...honest, plan: { ...honest.plan, order: [0, 1, 2] } });
    replay.add('score', { ...honest, plan: { ...honest.plan, scores: [300, 100.000001, 200] } });
    replay.add('excluded', {
      ...honest,
      plan: { ...honest.plan, excluded: [null, null, 'closed to this key'] },
    });
    const cheaper = candidates.map((candidate, at) => (at === 0 ? { ...candidate, cost: 1 } : candidate));
    replay.add('snapshot', { ...honest, snapshot: { ...honest.snapshot, candidates: cheaper } });
    replay.add('no plan', { snapshot: honest.snapshot });
    replay.add('no snapshot', { plan: honest.plan });
    replay.add('cut', { truncated: true, plan: honest.plan });

    expect(replay).toMatchObject({ decisions: 8, differ: 6, truncated: 1 });
    expect(replay.differences).toEqual([
      { id: 'order', what: ['order was [0,1,2] and is [1,2,0]'] },
      { id: 'score', what: ['scores was [300,100.000001,200] and is [300,100,200]'] },
      { id: 'excluded', what: ['excluded was [null,null,"closed to this key"] and is [null,null,null]'] },
      {
        id: 'snapshot',
        what: ['order was [1,2,0] and is [0,1,2]', 'scores was [300,100,200] and is [1,100,200]'],
      },
      { id: 'no plan', what: expect.arrayContaining(['order was undefined and is [1,2,0]']) },
      { id: 'no snapshot', what: [expect.stringContaining('makes no plan')] },
    ]);
  });

  it('counts what it cannot read, and says nothing of it', () => {
    const replay = new Replay();
    const snapshot = randomSnapshot(new Chance(3));
    replay.add('honest', { snapshot, plan: plan(snapshot) });
    replay.add('later', { snapshot: { ...snapshot, v: 2 }, plan: plan(snapshot) });
    replay.add('odd', { snapshot: { ...snapshot, v: '1' }, plan: plan(snapshot) });
    replay.add('another form', { unreadable: true, reason: 'A newer gateway wrote it.' });
    replay.add('cut', { truncated: true });

    expect(replay).toMatchObject({ decisions: 5, replayed: 1, differ: 0, truncated: 1, unreadable: 3 });
  });

  it('names the first ten', () => {
    const replay = new Replay();
    for (let at = 0; at < 12; at += 1) {
      replay.add(`call-${at}`, {});
    }
    expect(replay.differ).toBe(12);
    expect(replay.differences).toHaveLength(10);
  });
});
