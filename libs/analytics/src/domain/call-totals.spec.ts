import { aUsageRecord } from '../../../../test/support/usage-record.js';
import { newGaps } from './call-course.js';
import { CallTotals, DURATION_BOUNDS } from './call-totals.js';

it('adds up the calls of an endpoint to a model', () => {
  const totals = new CallTotals();
  totals.add(aUsageRecord({ latencyMs: 5, firstTokenMs: 4, attempts: 3, savedNanoUsd: 7 }));
  totals.add(aUsageRecord({ latencyMs: 700_000, cached: true, costNanoUsd: 0, attempts: 0 }));
  totals.add(aUsageRecord({ latencyMs: 6, outcome: 'failed', status: 502, costNanoUsd: null }));
  totals.add(aUsageRecord({ latencyMs: 7, costNanoUsd: null, savedNanoUsd: -5 }));

  expect(totals.all).toHaveLength(1);
  expect(totals.all[0]).toMatchObject({
    labels: { endpoint: '/v1/chat/completions', provider: 'openai', model: 'gpt-4o-2024-08-06' },
    endings: new Map([
      ['completed 200', 3],
      ['failed 502', 1],
    ]),
    inputTokens: 4000,
    cacheReadTokens: 800,
    cacheWriteTokens: 0,
    outputTokens: 400,
    reasoningTokens: 40,
    costNanoUsd: 3_250_000,
    savedNanoUsd: 7,
    unpriced: 1,
    cached: 1,
    retries: 2,
    durations: {
      counts: [1, 2, ...DURATION_BOUNDS.slice(2).map(() => 0)],
      count: 4,
      sum: expect.closeTo(700.018) as number,
    },
    firstTokens: { count: 1, sum: 0.004 },
  });
});

it('adds up the gaps of all streams', () => {
  const totals = new CallTotals();
  const [one, other] = [newGaps(), newGaps()];
  one.add(0.02);
  [0.03, 60].forEach(seconds => other.add(seconds));
  totals.add(aUsageRecord({ stream: true }), { gaps: one });
  totals.add(aUsageRecord({ stream: true }), { gaps: other });
  totals.add(aUsageRecord());

  expect(totals.all[0]?.gaps).toMatchObject({ count: 3, sum: expect.closeTo(60.05) as number });
});

it('tells vendors, models and endpoints apart, and calls that reached none', () => {
  const totals = new CallTotals();
  totals.add(aUsageRecord());
  totals.add(aUsageRecord({ provider: 'azure' }));
  totals.add(aUsageRecord({ endpoint: '/v1/messages' }));
  totals.add(aUsageRecord({ provider: null, modelUsed: null, outcome: 'failed', status: 404 }));

  expect(totals.all.map(({ labels }) => Object.values(labels).join(' '))).toEqual([
    '/v1/chat/completions openai gpt-4o-2024-08-06',
    '/v1/chat/completions azure gpt-4o-2024-08-06',
    '/v1/messages openai gpt-4o-2024-08-06',
    '/v1/chat/completions none none',
  ]);
});

it('holds no more series than Prometheus likes, whatever callers invent', () => {
  const totals = new CallTotals();
  for (let call = 0; call < 5000; call += 1) {
    totals.add(aUsageRecord({ modelUsed: `invented-${call}`, provider: call % 2 ? 'openai' : 'azure' }));
  }
  const calls = totals.all.flatMap(({ endings }) => [...endings.values()]);

  expect(totals.all).toHaveLength(502);
  expect(calls.reduce((sum, count) => sum + count, 0)).toBe(5000);
  expect(totals.all.at(-1)?.labels).toEqual({ endpoint: 'other', provider: 'openai', model: 'other' });
});
