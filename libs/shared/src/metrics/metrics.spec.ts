import { Histogram } from './histogram.js';
import { Metrics } from './metrics.js';

it('are read when they are asked for', async () => {
  const metrics = new Metrics();
  let waiting = 3;
  metrics.gauge('llmhub_waiting', 'What waits.', () => waiting);
  metrics.counter('llmhub_calls_total', 'Calls.', () => [
    { labels: { provider: 'openai', status: 200 }, value: 7 },
    { labels: { provider: 'a "b" \\ c\n', status: 500 }, value: 1 },
  ]);
  waiting = 4;

  expect(await metrics.text()).toBe(
    [
      '# HELP llmhub_waiting What waits.',
      '# TYPE llmhub_waiting gauge',
      'llmhub_waiting 4',
      '',
      '# HELP llmhub_calls_total Calls.',
      '# TYPE llmhub_calls_total counter',
      'llmhub_calls_total{provider="openai",status="200"} 7',
      'llmhub_calls_total{provider="a \\"b\\" \\\\ c\\n",status="500"} 1',
      '',
    ].join('\n'),
  );
});

it('tell of a distribution how much was at most so much', async () => {
  const metrics = new Metrics();
  const waits = new Histogram([0.1, 1]);
  [0.05, 0.1, 0.5, 4, 4.85].forEach(value => waits.add(value));
  metrics.histogram('llmhub_wait_seconds', 'Waits.', () => [{ labels: { provider: 'openai' }, ...waits }]);

  expect((await metrics.text()).split('\n').slice(1)).toEqual([
    '# TYPE llmhub_wait_seconds histogram',
    'llmhub_wait_seconds_bucket{provider="openai",le="0.1"} 2',
    'llmhub_wait_seconds_bucket{provider="openai",le="1"} 3',
    'llmhub_wait_seconds_bucket{provider="openai",le="+Inf"} 5',
    'llmhub_wait_seconds_sum{provider="openai"} 9.5',
    'llmhub_wait_seconds_count{provider="openai"} 5',
    '',
  ]);
});

it('add up distributions of the same bounds', () => {
  const [all, more] = [new Histogram([0.1, 1]), new Histogram([0.1, 1])];
  all.add(0.05);
  [0.5, 1, 7].forEach(value => more.add(value));
  all.merge(more);

  expect(all).toMatchObject({ counts: [1, 2], count: 4, sum: 8.55 });
});

it('refuse two of one name', () => {
  const metrics = new Metrics();
  metrics.gauge('llmhub_waiting', 'What waits.', () => 0);

  expect(() => metrics.gauge('llmhub_waiting', 'The same.', () => 0)).toThrow('llmhub_waiting');
});
