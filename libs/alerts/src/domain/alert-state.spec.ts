import {
  type AlertState,
  claimed,
  judged,
  newState,
  type Reading,
  seenTogether,
  tried,
  withSighting,
  withTold,
} from './alert-state.js';
import { type Alert, ALERT_DEFAULTS } from './alert.entity.js';

const ALERT: Alert = {
  id: 'alert',
  ...ALERT_DEFAULTS,
  name: 'tea',
  condition: 'budget',
  thresholds: [100, 50, 80],
  maskedUrl: '',
  maskedSecret: '',
  createdAt: '',
  version: 1,
};
const START = newState('alert');

function reading(value: number, of?: number): Reading {
  return { subject: 'tea', about: 'Tea', value, ...(of !== undefined && { of }) };
}

/** What was told, oldest first, with each value in its turn. */
function story(alert: Alert, values: readonly Reading[][]): string[] {
  const end = values.reduce((state, readings, at) => judged(alert, state, readings, at + 1), START);
  return end.due.map(({ type, threshold }) => `${type} ${threshold}`);
}

describe('a threshold', () => {
  it('is told once when it is reached, and once when it is no more', () => {
    const values = [40, 50, 60, 85, 85, 70, 40, 40].map(value => [reading(value)]);

    expect(story(ALERT, values)).toEqual(['firing 50', 'firing 80', 'resolved 80', 'resolved 50']);
  });

  it('is told of several at once, the lowest first, and again after it was resolved', () => {
    const told = story(ALERT, [[reading(120)], [], [reading(55)]]);

    expect(told.slice(0, 3)).toEqual(['firing 50', 'firing 80', 'firing 100']);
    expect(told.slice(3, 6).toSorted()).toEqual(['resolved 100', 'resolved 50', 'resolved 80']);
    expect(told.slice(6)).toEqual(['firing 50']);
  });

  it('stays reached while nobody can say: a gateway that was started anew has counted too few calls', () => {
    const alert = { ...ALERT, minCalls: 3, thresholds: [50] };
    const partial = (value: number, of: number) => [{ ...reading(value, of), isPartial: true }];

    expect(story(alert, [[reading(5, 5)], partial(0, 0), partial(0, 2), partial(2, 3)])).toEqual([
      'firing 50',
    ]);
    expect(story(alert, [[reading(5, 5)], partial(0, 2), partial(0, 3)])).toEqual([
      'firing 50',
      'resolved 50',
    ]);
    expect(story(alert, [[reading(5, 5)], partial(0, 0), []])).toEqual(['firing 50', 'resolved 50']);
    expect(story(alert, [partial(2, 2), partial(3, 3)])).toEqual(['firing 50']);
  });

  it('is each subject’s own', () => {
    const [tea, milk] = [reading(60), { ...reading(60), subject: 'milk' }];

    expect(story(ALERT, [[tea, milk], [milk]])).toEqual(['firing 50', 'firing 50', 'resolved 50']);
  });

  it('that was taken away is resolved', () => {
    const firing = judged(ALERT, START, [reading(60)], 1);
    const without = judged({ ...ALERT, thresholds: [55] }, firing, [reading(60)], 2);

    expect(without.firing.map(({ threshold }) => threshold)).toEqual([55]);
  });

  it('is not resolved by what was read before it was reached', () => {
    const firing = judged(ALERT, START, [reading(60)], 5);

    expect(judged(ALERT, firing, [reading(40)], 5)).toBe(firing);
  });

  it('waits for room, and is told then', () => {
    const many = Array.from({ length: 300 }, (_, n) => ({ ...reading(60), subject: `user ${n}` }));
    const full = judged(ALERT, START, many, 1);
    expect(full.due).toHaveLength(200);
    expect(full.firing).toHaveLength(200);

    const later = judged(ALERT, { ...full, due: [] }, many, 2);
    expect(later.due).toHaveLength(100);
    expect(later.firing).toHaveLength(300);
  });
});

describe('an error rate', () => {
  const alert: Alert = { ...ALERT, condition: 'error-rate', thresholds: [10], minCalls: 20 };

  it('is that of all gateways together', () => {
    const one = withSighting(START, 'one', { at: 1, readings: [reading(0, 50)] });
    const both = withSighting(one, 'two', { at: 2, readings: [reading(12, 30)] });

    expect(seenTogether(both)).toEqual([reading(12, 80)]);
    expect(judged(alert, both, seenTogether(both), 2).due).toMatchObject([{ type: 'firing', value: 15 }]);
  });

  it('of few calls changes nothing, unless none fails', () => {
    const few = [reading(5, 19)];
    const firing = [reading(3, 20)];

    expect(story(alert, [few, few])).toEqual([]);
    expect(story(alert, [firing, few])).toEqual(['firing 10']);
    expect(story(alert, [firing, few, [reading(0, 1)]])).toEqual(['firing 10', 'resolved 10']);
    expect(story(alert, [firing, []])).toEqual(['firing 10', 'resolved 10']);
  });
});

describe('what gateways see', () => {
  it('is forgotten of one that is silent, and not written when it is nothing', () => {
    const one = withSighting(START, 'one', { at: 1000, readings: [reading(5)] });

    expect(seenTogether(withSighting(one, 'two', { at: 40_000, readings: [] }))).toEqual([reading(5)]);
    expect(seenTogether(withSighting(one, 'two', { at: 50_000, readings: [] }))).toEqual([]);
    expect(withSighting(START, 'two', { at: 1, readings: [] })).toBe(START);
  });

  it('of things that are not counted is the greatest', () => {
    const one = withSighting(START, 'one', { at: 1, readings: [reading(5)] });

    expect(seenTogether(withSighting(one, 'two', { at: 2, readings: [reading(3)] }))).toEqual([reading(5)]);
  });

  it('and told alone is not told again', () => {
    const alone = judged(ALERT, START, [reading(60)], 1);
    const { due, ...told } = alone;
    const known = withTold(withTold(START, { ...told, due: [] }), alone);

    expect(judged(ALERT, known, [reading(60)], 2).due).toEqual(due);
    expect(known.firing).toHaveLength(1);
  });
});

describe('a delivery', () => {
  const firing = judged(ALERT, START, [reading(60)], 1000);
  const [{ id } = { id: '' }] = firing.due;

  it('is tried by one gateway at a time', () => {
    const taken = claimed(firing, 1000) as AlertState;

    expect(claimed(taken, 1000 + 59_999)).toBeNull();
    expect(claimed(taken, 1000 + 60_000)?.due[0]?.id).toBe(id);
  });

  it('is gone when it has arrived', () => {
    expect(tried(firing, id, { failure: null, now: 1000 })?.due).toEqual([]);
    expect(tried(firing, 'another', { failure: null, now: 1000 })).toBeNull();
  });

  it('is tried again, ever later, for ten hours, and then no more', () => {
    let state = firing;
    let now = 1000;
    const pauses: number[] = [];
    while (state.due[0]) {
      state = tried(state, id, { failure: 'no', now }) as AlertState;
      pauses.push((state.due[0]?.nextAt ?? now) - now);
      now = state.due[0]?.nextAt ?? now;
    }

    expect(pauses.slice(0, -1)).toEqual(pauses.slice(0, -1).toSorted((a, b) => a - b));
    expect(pauses).toHaveLength(13);
    expect(now - 1000).toBeGreaterThan(10 * 3_600_000);
  });
});
