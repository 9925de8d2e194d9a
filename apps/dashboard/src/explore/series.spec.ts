import { MEASURES } from './measures.js';
import { addressOf, questionIn } from './question.js';
import { groupOf, rowsOf, startsOf, valuesOf } from './series.js';

const NOW = Date.parse('2026-11-28T12:00:00.000Z');

function asked(query: string): ReturnType<typeof questionIn> {
  return questionIn(new URLSearchParams(query));
}

describe('a question in the address', () => {
  it('has what is usual where it says nothing, or nonsense', () => {
    for (const query of ['', 'measure=luck&and=nothing&interval=second', 'last=1e9', 'last=abc', 'last=-5']) {
      expect(addressOf(asked(query), 'day', NOW)).toBe(
        '/admin/usage/summary?interval=day&groupBy=model&from=2026-10-29T12%3A00%3A00.000Z&top=10&topBy=cost',
      );
    }
  });

  it('is asked of the gateway as it stands', () => {
    const { measure, by } = asked('measure=latency-p95&by=provider&and=endpoint');
    expect([measure.name, by]).toEqual(['Latency, p95', ['provider', 'endpoint']]);
    expect(
      addressOf(
        asked('measure=latency-p95&by=nothing&from=2026-11-01&to=2026-11-02&projectId=p'),
        'total',
        NOW,
      ),
    ).toBe('/admin/analytics/latency?interval=total&from=2026-11-01&to=2026-11-02&projectId=p');
  });
});

describe('the starts of intervals', () => {
  it.each([
    ['hour', '2026-11-28T23:00:00.000Z', ['2026-11-28T23:00:00.000Z', '2026-11-29T00:00:00.000Z']],
    ['day', '2026-11-28T23:00:00.000Z', ['2026-11-28T00:00:00.000Z', '2026-11-29T00:00:00.000Z']],
    ['month', '2026-10-31T23:00:00.000Z', ['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z']],
  ] as const)('are those of each %s', (interval, from, starts) => {
    expect(startsOf({ from, to: '2026-11-29T01:00:00.000Z' }, interval)).toEqual(starts);
  });
});

describe('the values of a group', () => {
  const of = { from: '2026-11-27T00:00:00.000Z', to: '2026-11-29T00:00:00.000Z' };
  const starts = startsOf(of, 'day');

  it('are 0 where no call cost anything, and beyond 2⁵³ to the last digit in the table', () => {
    const question = asked('by=model');
    const large = { start: of.from, model: 'gpt-5', costNanoUsd: '123456789012345678' };
    const small = { start: of.from, model: null, costNanoUsd: '5' };
    const rest = { start: of.from, other: true as const, costNanoUsd: '7' };
    const summary = { ...of, data: [rest, small, large] };

    expect(rowsOf(question, summary, 2)).toEqual([large, small, rest]);
    expect(valuesOf(question, summary, groupOf(question, small), starts)).toEqual([5, 0]);
    expect(valuesOf(question, summary, groupOf(question, rest), starts)).toEqual([7, 0]);
    expect(question.measure.format(question.measure.of(large))).toBe('$123,456,789.01');
  });

  it('are nothing where no call was timed', () => {
    const question = asked('measure=latency-p95&by=nothing');
    const times = { calls: 1, p50: 1, p90: 2, p95: 3, p99: 4 };
    const summary = { ...of, data: [{ start: of.to.replace('29', '28'), latencyMs: times }] };

    expect(valuesOf(question, summary, '[]', starts)).toEqual([null, 3]);
  });
});

describe('measures', () => {
  it('have an id each, and words for what is not known', () => {
    expect(new Set(MEASURES.map(({ id }) => id)).size).toBe(MEASURES.length);
    expect(MEASURES.map(({ format }) => format(null))).toEqual(MEASURES.map(() => '–'));
  });
});
