import { plan } from './plan.js';
import type { Candidate, Preferences, RoutingSnapshot } from './routing-snapshot.js';

describe('plan', () => {
  it('keeps the order of the policy by priority', () => {
    expect(plan(aSnapshot()).order).toEqual([0, 1, 2]);
  });

  it('says why a candidate is not asked', () => {
    const snapshot = aSnapshot({}, [
      { closed: true },
      { lacks: ['image_input'] },
      { down: 'circuit-open', downForMs: 1999.5 },
      {},
    ]);

    expect(plan(snapshot)).toEqual({
      order: [3],
      scores: [null, null, null, 3],
      excluded: ['closed to this key', 'the model has no image_input', 'circuit-open for 2000 ms', null],
    });
  });

  it('leaves out models that the prompt is too long for, unless there is no other', () => {
    expect(plan(aSnapshot({}, [{ tooLong: true }, {}])).order).toEqual([1]);
    expect(plan(aSnapshot({}, [{ tooLong: true }, { tooLong: true }])).order).toEqual([0, 1]);
  });

  it('has no order when nobody may be asked', () => {
    expect(plan(aSnapshot({}, [{ closed: true }])).order).toEqual([]);
  });

  describe('with preferences', () => {
    const vendors = [{ vendor: 'a' }, { vendor: 'b' }, { vendor: 'c' }];

    it.each<[string, Partial<Preferences>, number[]]>([
      ['order', { order: ['c', 'b'] }, [2, 1, 0]],
      ['order without fallbacks', { order: ['c', 'a'], strictOrder: true }, [2, 0]],
      ['only', { only: ['b'] }, [1]],
      ['ignore', { ignore: ['a'] }, [1, 2]],
    ])('obeys %s', (_, preferences, order) => {
      expect(plan(aSnapshot({ preferences: prefer(preferences) }, vendors)).order).toEqual(order);
    });

    it('takes nobody whose price is over the limit or unknown', () => {
      const preferences = prefer({ maxPrompt: 100, maxCompletion: 200, maxRequest: 0 });
      const rates = { promptRate: 100, completionRate: 200 };
      const candidates = [
        { ...rates, promptRate: 101 },
        { ...rates, completionRate: null },
        { ...rates, requestRate: 1 },
        rates,
      ];

      expect(plan(aSnapshot({ preferences }, candidates))).toMatchObject({
        order: [3],
        excluded: [
          'over provider.max_price.prompt',
          'over provider.max_price.completion',
          'over provider.max_price.request',
          null,
        ],
      });
    });

    it('takes nobody who does not know a parameter that is required', () => {
      expect(plan(aSnapshot({ preferences: prefer({}) }, [{ refuses: ['seed'] }, {}])).order).toEqual([1]);
    });

    it('sorts within the models asked for, which come in their own order', () => {
      const candidates = [
        { group: 0, cost: 9 },
        { group: 1, cost: 1 },
        { group: 0, cost: 5 },
      ];

      expect(plan(aSnapshot({ ranking: 'cheapest' }, candidates)).order).toEqual([2, 0, 1]);
    });
  });

  describe('by cost and speed', () => {
    it('puts the unknown last', () => {
      const costs = [{ cost: null }, { cost: 7 }, { cost: 3 }];

      expect(plan(aSnapshot({ ranking: 'cheapest' }, costs)).order).toEqual([2, 1, 0]);
      expect(plan(aSnapshot({ ranking: 'latency' }, [{}, { ttftMs: 7 }, { ttftMs: 3 }])).order).toEqual([
        2, 1, 0,
      ]);
      const paces = [{}, { tokensPerSecond: 7 }, { tokensPerSecond: 90 }];
      expect(plan(aSnapshot({ ranking: 'throughput' }, paces)).order).toEqual([2, 1, 0]);
    });

    it('shares calls by weight', () => {
      const first = firsts('weighted', [{ weight: 6 }, { weight: 3 }, { weight: 1 }]);

      expect(first[0]).toBeGreaterThan(5700);
      expect(first[0]).toBeLessThan(6300);
      expect(first[2]).toBeGreaterThan(850);
      expect(first[2]).toBeLessThan(1150);
    });

    it('asks who has the fewest calls under way, and shuffles equals', () => {
      expect(
        plan(aSnapshot({ ranking: 'least-busy' }, [{ open: 3 }, { open: 1 }, { open: 2 }])).order,
      ).toEqual([1, 2, 0]);
      expect(plan(aSnapshot({ ranking: 'least-busy' }, [{ open: 3, weight: 4 }, { open: 1 }])).order).toEqual(
        [0, 1],
      );
      const [one, two] = firsts('least-busy', [{}, {}]);
      expect(one).toBeGreaterThan(4700);
      expect(two).toBeGreaterThan(4700);
    });

    it('asks the faster of two drawn at random, so never the slowest of three first', () => {
      const measured = { tokensPerSecond: 100, ageMs: 10 };
      const first = firsts('fastest', [
        { ...measured, ttftMs: 100 },
        { ...measured, ttftMs: 1000 },
        { ...measured, ttftMs: 300 },
      ]);

      expect(first[0]).toBeGreaterThan(6300);
      expect(first[1]).toBe(0);
      expect(first[2]).toBeGreaterThan(3000);
    });

    it('reckons with the tokens that are still to be spoken, and with who waits already', () => {
      const quick = { ttftMs: 100, ageMs: 0 };
      const talk = { ...quick, outputTokens: 1000 };

      expect(
        best([
          { ...talk, tokensPerSecond: 10 },
          { ...talk, tokensPerSecond: 100, ttftMs: 500 },
        ]),
      ).toBe(1);
      expect(
        best([
          { ...quick, open: 9 },
          { ...quick, ttftMs: 900 },
        ]),
      ).toBe(1);
    });

    it('tries who was not measured lately with one call at a time', () => {
      const known = { ttftMs: 100, ageMs: 0 };

      expect(best([known, {}])).toBe(1);
      expect(best([known, { open: 1 }])).toBe(0);
      expect(best([known, { ttftMs: 900, ageMs: 31_000 }])).toBe(1);
      expect(
        best([
          { ...known, ageMs: 40_000 },
          { ttftMs: 900, ageMs: 31_000 },
        ]),
      ).toBe(0); // nobody calls at all
    });

    it('balances price, latency, speed and load by their weights', () => {
      const cheap = { cost: 100, ttftMs: 400, tokensPerSecond: 50 };
      const fast = { cost: 300, ttftMs: 100, tokensPerSecond: 100 };
      const weights = { price: 1, latency: 0, throughput: 0, load: 0 };
      const scores = (given: object): readonly (number | null)[] =>
        plan(aSnapshot({ ranking: 'balanced', weights: { ...weights, ...given } }, [cheap, fast])).scores;

      expect(scores({})).toEqual([0, 2]);
      expect(scores({ price: 0, latency: 1 })).toEqual([3, 0]);
      expect(scores({ latency: 1, throughput: 1 })).toEqual([4, 2]);
    });

    it('takes the unknown for as bad as the worst when it balances', () => {
      const candidates = [{ cost: 100 }, { cost: null }, { cost: 300 }, { open: 2, cost: 100 }];

      expect(plan(aSnapshot({ ranking: 'balanced' }, candidates)).scores).toEqual([0, 2, 2, 2]);
    });

    it('stays where the prompt is cached while that is not dearer', () => {
      const warm = { warmTokens: 5000 };

      expect(plan(aSnapshot({ ranking: 'sticky' }, [{ cost: 9 }, { ...warm, cost: 5 }])).order).toEqual([
        1, 0,
      ]);
      expect(plan(aSnapshot({ ranking: 'sticky' }, [{ cost: 4 }, { ...warm, cost: 5 }])).order).toEqual([
        0, 1,
      ]);
      expect(plan(aSnapshot({ ranking: 'sticky' }, [{}, { ...warm, cost: 5 }])).order).toEqual([1, 0]);
    });
  });

  it('makes the same plan of what was recorded', () => {
    const snapshot = aSnapshot({ ranking: 'weighted', random: 0.123456789 }, [{}, {}, {}, {}]);

    expect(plan(JSON.parse(JSON.stringify(snapshot)) as RoutingSnapshot)).toEqual(plan(snapshot));
  });
});

/** Of two, the draw takes both. */
function best(candidates: readonly Partial<Candidate>[]): number | undefined {
  return plan(aSnapshot({ ranking: 'fastest' }, candidates)).order[0];
}

/** How often each comes first in 10,000 plans. */
function firsts(ranking: RoutingSnapshot['ranking'], candidates: readonly Partial<Candidate>[]): number[] {
  const counts = candidates.map(() => 0);
  for (let round = 0; round < 10_000; round++) {
    const [first = -1] = plan(aSnapshot({ ranking, random: round / 10_000 }, candidates)).order;
    counts[first] = (counts[first] ?? 0) + 1;
  }
  return counts;
}

function aSnapshot(
  fields: Partial<RoutingSnapshot> = {},
  candidates: readonly Partial<Candidate>[] = [{}, {}, {}],
): RoutingSnapshot {
  return {
    v: 1,
    policy: 'fast@1',
    rule: null,
    ranking: 'priority',
    weights: null,
    random: 0.5,
    request: { inputTokens: 100, maxOutputTokens: null, stream: false, needs: [] },
    preferences: null,
    ...fields,
    candidates: candidates.map((candidate, index) => ({ ...aCandidate(index), ...candidate })),
  };
}

function aCandidate(index: number): Candidate {
  return {
    vendor: `vendor-${index}`,
    model: 'model',
    group: 0,
    weight: 1,
    cost: null,
    promptRate: null,
    completionRate: null,
    requestRate: 0,
    warmTokens: 0,
    outputTokens: 0,
    lacks: [],
    refuses: [],
    tooLong: false,
    closed: false,
    down: null,
    downForMs: 0,
    open: 0,
    ttftMs: null,
    tokensPerSecond: null,
    ageMs: null,
  };
}

function prefer(fields: Partial<Preferences>): Preferences {
  return {
    order: [],
    strictOrder: false,
    only: null,
    ignore: [],
    maxPrompt: null,
    maxCompletion: null,
    maxRequest: null,
    requireParameters: false,
    ...fields,
  };
}
