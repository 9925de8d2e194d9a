import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type AgentSession, agentSessions } from './agent-sessions.js';
import { type Play, play, type SessionCost } from './play.js';

/** The first seed of which no session ends right after its first marked write: such a one costs more, see below. */
const SHIPPED_SEED = 3;
const FURTHER_SEEDS = Array.from({ length: 50 }, (_, at) => 1001 + at);

const file = path.join(import.meta.dirname, 'agent-sessions.json');
const shipped = JSON.parse(readFileSync(file, 'utf8')) as readonly AgentSession[];

const savedOf = ({ cost, baseline }: Pick<SessionCost, 'cost' | 'baseline'>): number => 1 - cost / baseline;
const sumOf = (costs: readonly SessionCost[]): Pick<SessionCost, 'cost' | 'baseline'> => ({
  cost: costs.reduce((sum, { cost }) => sum + cost, 0),
  baseline: costs.reduce((sum, { baseline }) => sum + baseline, 0),
});
const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Of the same application, and begun before the other one has ended. */
function isBeside({ app, startsAt }: AgentSession, other: AgentSession): boolean {
  const lasts = other.steps.slice(1).reduce((sum, { afterMs }) => sum + afterMs, 0);
  return app.name === other.app.name && startsAt < other.startsAt + lasts;
}

describe('cache marks in sessions of agents', () => {
  it('has twenty of them in the file, of all kinds', () => {
    expect(agentSessions(SHIPPED_SEED)).toEqual(shipped);
    const lengths = shipped.map(({ steps }) => steps.length);
    const steps = shipped.flatMap(session => session.steps);
    expect(shipped).toHaveLength(20);
    expect(lengths).toEqual(expect.arrayContaining([1, 2]));
    expect(Math.max(...lengths)).toBeGreaterThan(20);
    expect(steps.some(({ says }) => says === 'results')).toBe(true);
    expect(steps.some(({ afterMs }) => afterMs > 300_000)).toBe(true);
    expect(new Set(steps.map(({ edit }) => edit))).toEqual(new Set([undefined, 'summary', 'clock']));
    expect(shipped.some((session, at) => shipped.slice(0, at).some(other => isBeside(session, other)))).toBe(
      true,
    );
  });

  it('cost no more in any of the twenty', () => {
    const costs = play(shipped);
    const saved = costs.map(savedOf);
    process.stdout.write(
      `20 sessions: ${percent(savedOf(sumOf(costs)))} saved of prompts, median ${percent(medianOf(saved))} by session\n`,
    );
    expect(costs.filter(({ cost, baseline }) => cost > baseline)).toEqual([]);
    expect(medianOf(saved)).toBeGreaterThan(0.1);
  });

  it('cost less in every twenty of a thousand others, though a few that end at the wrong moment lose', () => {
    const groups = FURTHER_SEEDS.map(seed => play(agentSessions(seed)));
    const all = groups.flat();
    const lost = all.map(session => -savedOf(session)).filter(share => share > 0);
    process.stdout.write(
      `${all.length} sessions: ${percent(savedOf(sumOf(all)))} saved of prompts, median ${percent(medianOf(all.map(savedOf)))}; ` +
        `least of any twenty ${percent(Math.min(...groups.map(group => savedOf(sumOf(group)))))}; ` +
        `${lost.length} cost more, at most ${percent(Math.max(...lost))}\n`,
    );
    expect(groups.filter(group => savedOf(sumOf(group)) <= 0)).toEqual([]);
    expect(lost.length).toBeLessThan(all.length * 0.1);
    expect(Math.max(...lost)).toBeLessThan(0.15);
  });
});

const CUTS = ['json_whitespace', 'duplicate_context'] as const;
const PLAYS: readonly (readonly [string, Play])[] = [
  [
    'of a vendor that is told',
    { passes: ['cache_marks', 'tool_order', ...CUTS], content: 'rich', caches: 'told' },
  ],
  ['of a vendor that caches by itself', { passes: CUTS, content: 'rich', caches: 'automatic' }],
];

describe.each(PLAYS)('all passes in sessions %s', (name, all) => {
  it('cost no more in any of the twenty', () => {
    const costs = play(shipped, all);
    const saved = costs.map(savedOf);
    process.stdout.write(
      `20 sessions ${name}: ${percent(savedOf(sumOf(costs)))} saved of prompts, median ${percent(medianOf(saved))} by session\n`,
    );
    expect(costs.filter(({ cost, baseline }) => cost > baseline)).toEqual([]);
    expect(savedOf(sumOf(costs))).toBeGreaterThan(0.1);
  });

  it.each(CUTS)('are no dearer with %s than without', pass => {
    const without = { ...all, passes: all.passes.filter(each => each !== pass) };
    const [more, less] = [play(shipped, all), play(shipped, without)].map(costs => sumOf(costs).cost);

    expect(more).toBeLessThanOrEqual(less ?? 0);
  });

  it('cost less in every twenty of two hundred others', () => {
    const groups = FURTHER_SEEDS.slice(0, 10).map(seed => play(agentSessions(seed), all));
    const shares = groups.map(group => savedOf(sumOf(group)));
    const lost = groups.flat().filter(({ cost, baseline }) => cost > baseline);
    process.stdout.write(
      `200 sessions ${name}: ${percent(savedOf(sumOf(groups.flat())))} saved of prompts; ` +
        `least of any twenty ${percent(Math.min(...shares))}; ${lost.length} cost more\n`,
    );
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(all.caches === 'automatic' ? 1 : 20);
  });
});
