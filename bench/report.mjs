// Slices in, Markdown out.
import { lowerQuartile, median } from './statistics.mjs';

/** One row per target. `ratio` compares lower quartiles, `pairedRatio` is the median of the rounds' own ratios. */
export function summarise(slices) {
  const floor = slices.get('floor');
  return [...slices].map(([target, list]) => {
    const middle = key => median(list.map(slice => slice[key]));
    const cpuMicros = lowerQuartile(list.map(slice => slice.cpuMicros));
    return {
      target,
      cpuMicros,
      ratio: cpuMicros / lowerQuartile(floor.map(slice => slice.cpuMicros)),
      pairedRatio: median(list.map(({ cpuMicros: own, round }) => own / floor[round].cpuMicros)),
      requestsPerSecond: middle('rps'),
      p50: middle('p50_ms'),
      p99: middle('p99_ms'),
      firstByteP50: middle('ttfb_p50_ms'),
      rssMiB: Math.max(...list.map(slice => slice.rssMiB)),
      bad: list.reduce((total, slice) => total + slice.bad + slice.errors + slice.timed_out, 0),
    };
  });
}

export function heading({ name, stream, bytes, connections, budget, goal }) {
  const limit = budget ? `; budget ≤ ${budget.toFixed(2)} × floor, goal ≤ ${goal.toFixed(2)}` : '';
  return [
    `\n### ${name}: ${stream ? 'stream' : 'whole'}, ${bytes} B, concurrency ${connections}${limit}\n`,
    '| target | CPU µs/req | × floor | × paired | budget | req/s | p50 ms | p99 ms | first byte ms | RSS MiB | bad |',
    '|---|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|',
  ].join('\n');
}

export function line(row, scenario) {
  const cells = [
    row.target,
    row.cpuMicros.toFixed(1),
    row.ratio.toFixed(2),
    row.pairedRatio.toFixed(2),
    row.target === 'gateway' ? verdict(row.ratio, scenario) : '',
    row.requestsPerSecond.toFixed(0),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    row.firstByteP50.toFixed(2),
    row.rssMiB.toFixed(0),
    row.bad,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Says how much to trust the rows above. */
export function conditions(slices) {
  const all = [...slices.values()].flat();
  const foreign = median(all.map(slice => slice.foreignCores));
  const slowest = Math.max(...all.map(slice => slice.slowness));
  return `\nothers on this machine used ${foreign.toFixed(2)} cores; slowest slice ${slowest.toFixed(2)} × the fastest moment`;
}

function verdict(ratio, { budget, goal }) {
  if (budget === undefined) {
    return '';
  }
  return ratio > budget ? 'OVER' : ratio > goal ? 'held' : 'goal';
}
