import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { UsageDecision } from '@app/analytics';
import { plan } from '@app/routing';
import { createLogger, openDatabase, readConfig } from '@app/shared';
import { decisionRepository } from '../libs/analytics/src/decisions.module.js';
import { decisionText } from '../libs/analytics/src/domain/decision-text.js';
import { Chance, randomSnapshot } from './support/random-snapshots.js';
import { removeData, storeEnvironment } from './support/test-store.js';

const run = promisify(execFile);
const ENTRY = 'dist/apps/gateway/src/replay/main.js';
const NOON = Date.UTC(2026, 10, 26, 12);
/** More than two pages. */
const COUNT = 450;

let dataDir: string;
let env: Record<string, string>;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'replay-'));
  env = {
    AI_GATEWAY_ENVIRONMENT: 'test',
    AI_GATEWAY_DATA_DIR: dataDir,
    ...(await storeEnvironment(dataDir)),
  };
  await keep(Array.from({ length: COUNT }, (_, at) => aDecision(at)));
});
afterAll(() => removeData(dataDir));

const chance = new Chance(20_261_126);

/** Of every ninth a second project's, one a second; every other as it was kept before decisions were folded. */
function aDecision(at: number): UsageDecision {
  const snapshot = randomSnapshot(chance);
  const made = { snapshot, plan: plan(snapshot), attempts: [] };
  const decision = at % 2 === 0 ? JSON.stringify(made) : decisionText(made);
  const projectId = at % 9 === 0 ? 'project-2' : 'project-1';
  return { id: `call-${at}`, projectId, decision, receivedAt: NOON + at * 1000 };
}

async function keep(decisions: readonly UsageDecision[]): Promise<void> {
  const database = await openDatabase(readConfig(env).store, createLogger('silent'));
  try {
    const repository = await decisionRepository.useFactory(database);
    for (let from = 0; from < decisions.length; from += 200) {
      await repository.insertMany(decisions.slice(from, from + 200));
    }
  } finally {
    await database.close();
  }
}

async function replay(...values: string[]): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [ENTRY, ...values], { env });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

describe('npm run replay', () => {
  it('makes the decisions of the store again, all or some', async () => {
    const all = { code: 0, out: `${COUNT} decisions, 0 differ\n`, err: '' };
    await expect(replay()).resolves.toEqual(all);
    await expect(replay('--project', 'project-2')).resolves.toMatchObject({
      out: '50 decisions, 0 differ\n',
    });
    await expect(
      replay('--from', '2026-11-26T12:00:10Z', '--to', '2026-11-26T13:01:00+01:00'),
    ).resolves.toMatchObject({ out: '50 decisions, 0 differ\n' });
  });

  it.each([
    [['--to', '2026-11-26'], ''],
    [['--project', 'nobody'], ", no decision of a project 'nobody' is kept there"],
  ])('fails when it finds none: %j', async (values, rest) => {
    await expect(replay(...values)).resolves.toMatchObject({
      code: 2,
      out: `0 decisions, 0 differ, nothing was made again${rest}\n`,
    });
  });

  it('fails when some cannot be read, and says how many', async () => {
    const { snapshot, plan: made } = JSON.parse(aDecision(0).decision) as Record<string, object>;
    const file = path.join(dataDir, 'later.jsonl');
    const later = { snapshot: { ...snapshot, v: 2 }, plan: made };
    writeFileSync(file, [{ snapshot, plan: made }, later].map(line => JSON.stringify(line)).join('\n'));
    await expect(replay('--file', file)).resolves.toMatchObject({
      code: 2,
      out: '2 decisions, 0 differ, 1 could not be read, since another version of the gateway recorded them\n',
    });
    await keep([{ ...aDecision(0), id: 'form', projectId: 'project-4', decision: '{"*form":3}' }]);
    await expect(replay('--project', 'project-4')).resolves.toMatchObject({
      code: 2,
      out: expect.stringMatching(
        /^1 decisions, 0 differ, 1 could not be read, .*, nothing was made again\n$/,
      ),
    });
  });

  it('fails for one that was tampered with, and names it; counts those that were cut', async () => {
    const honest = JSON.parse(aDecision(0).decision) as { plan: object };
    const tampered = { ...honest, plan: { ...honest.plan, order: [7] } };
    const at = { projectId: 'project-3', receivedAt: NOON };
    await keep([
      { ...at, id: 'tampered', decision: JSON.stringify(tampered) },
      { ...at, id: 'cut', decision: JSON.stringify({ truncated: true }) },
      { ...at, id: 'honest', decision: JSON.stringify(honest) },
    ]);

    const { code, out } = await replay('--project', 'project-3');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^3 decisions, 1 differ, 1 were too long .*\n {2}tampered: order was \[7\] and is \[/,
    );
  });

  it('reads files of decisions, and of what the API answers', async () => {
    const file = path.join(dataDir, 'decisions.jsonl');
    const decision = JSON.parse(aDecision(0).decision) as object;
    const lines = [decision, { id: 'call-1', decision }, { id: 'call-2', decision: null }];
    writeFileSync(file, lines.map(line => `${JSON.stringify(line)}\n`).join('\n'));
    await expect(replay('--file', file)).resolves.toEqual({
      code: 0,
      out: '2 decisions, 0 differ\n',
      err: '',
    });

    writeFileSync(file, '{"snapshot":');
    const { code, err } = await replay('--file', file);
    expect([code, err]).toEqual([2, `line 1 of ${file} is no JSON object. Give a decision a line.\n`]);
    const none = await replay('--file', `${file}.none`);
    expect([none.code, none.err]).toEqual([
      2,
      expect.stringMatching(/^The file cannot be read: ENOENT.*\.\n$/),
    ]);
  });

  it.each([
    [['--from', 'yesterday'], "'yesterday' is neither a day nor a moment"],
    [['--form', '2026-11-26'], 'usage: npm run replay'],
    [['more'], 'usage: npm run replay'],
  ])('says what is wrong with %j', async (values, message) => {
    const { code, err } = await replay(...values);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
