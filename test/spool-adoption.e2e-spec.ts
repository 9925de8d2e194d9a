import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger, lockFile, ProcessId, type SqlDatabase } from '@app/shared';
import { Charges } from '@app/budgets';
import { usageRepository } from '../libs/analytics/src/analytics.module.js';
import { decisionRepository } from '../libs/analytics/src/decisions.module.js';
import { Ledger } from '../libs/analytics/src/domain/ledger.js';
import { UsageRecorder } from '../libs/analytics/src/domain/usage.recorder.js';
import { FileUsageSpool } from '../libs/analytics/src/infrastructure/spool/file.usage-spool.js';
import { budgetAccountRepository, budgetRepository } from '../libs/budgets/src/budget-storage.module.js';
import { spentSince } from '../libs/budgets/src/domain/budget-account.js';
import { BudgetBook } from '../libs/budgets/src/domain/budget-book.js';
import { aBudget } from './support/budget.js';
import { openInMemory } from './support/databases.js';
import { TestClock } from './support/test-clock.js';
import { aUsageRecord } from './support/usage-record.js';

const SPOOLS = 3;
const BATCHES = 4;
/** With the one that was under way in each. */
const CALLS = SPOOLS * (BATCHES + 1);
const MOST_STEPS = 100;
const CHARGE = {
  payers: [{ account: 'a', budgetId: 'b', projectId: 'project-1', subject: '[]', window: 0 }],
  nanoUsd: 1,
};
/** Takes the spool as a gateway does that starts, and is killed instead of its nth change of the file system. */
const STARTER = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const [root, module, steps] = process.argv.slice(1);
const { FileUsageSpool } = await import(module);
let left = Number(steps);
for (const name of ['linkSync', 'mkdirSync', 'openSync', 'renameSync', 'rmdirSync', 'rmSync', 'unlinkSync', 'writeFileSync']) {
  const real = fs[name];
  fs[name] = (...rest) => {
    if (left-- === 0) process.kill(process.pid, 'SIGKILL');
    return real(...rest);
  };
}
syncBuiltinESMExports();
new FileUsageSpool(root, {}, { limit: 1e9, durability: 'process', process: 'starter-' + steps });
`;

let work: string;
beforeEach(() => {
  work = mkdtempSync(path.join(tmpdir(), 'adoption-'));
});
afterEach(() => rmSync(work, { recursive: true }));

function open(root: string): FileUsageSpool {
  const { id: process } = new ProcessId();
  return new FileUsageSpool(root, createLogger('silent'), { limit: 1e9, durability: 'process', process });
}

/** The spools of gateways that were killed side by side, before the store had anything. */
async function killed(): Promise<string> {
  const root = path.join(work, 'killed');
  const spools = Array.from({ length: SPOOLS }, () => open(root));
  for (const [at, spool] of spools.entries()) {
    const begun = spool.begin({ ...aUsageRecord({ id: `${at} under way` }), charge: CHARGE });
    await begun;
    for (let n = 0; n < BATCHES; n += 1) {
      await spool.append({ usage: aUsageRecord({ id: `${at} ${n}` }), decision: null, charge: CHARGE });
      spool.seal();
    }
  }
  spools.forEach(spool => spool.onApplicationShutdown());
  return root;
}

/** False when it has nothing left to do at that step. */
function isKilledAt(steps: number, root: string): boolean {
  const module = path.resolve('dist/libs/analytics/src/infrastructure/spool/file.usage-spool.js');
  const args = ['--input-type=module', '-e', STARTER, root, module, String(steps)];
  const { status, signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([status, signal, stderr]).toEqual(signal ? [null, 'SIGKILL', ''] : [0, null, '']);
  return signal !== null;
}

/** What store and budget have when two gateways start at the same time, one of which gets that folder, and the other one the rest. */
async function shipped(root: string, folder: string, isFirst: boolean): Promise<readonly [string[], number]> {
  const database: SqlDatabase = openInMemory();
  const records = await usageRepository.useFactory(database);
  const accounts = await budgetAccountRepository.useFactory(database);
  const budgets = await budgetRepository.useFactory(database);
  await budgets.insert(aBudget({ projectId: 'project-1' }));
  const charges = new Charges(accounts, new BudgetBook(budgets, new TestClock()), createLogger('silent'));
  const ledger = new Ledger(records, await decisionRepository.useFactory(database), charges);
  const held = lockFile(path.join(root, folder, 'lock'));
  const spools = [open(root)];
  held?.release();
  spools[isFirst ? 'unshift' : 'push'](open(root));
  for (const spool of spools) {
    await new UsageRecorder(ledger, spool, createLogger('silent')).flush();
  }
  for (const spool of spools) {
    spool.onApplicationShutdown();
  }
  const last = open(root); // what the two left, should they have left anything
  await new UsageRecorder(ledger, last, createLogger('silent')).flush();
  last.onApplicationShutdown();
  const ids = (await records.page({}, null, 100)).map(({ id }) => id).toSorted();
  const account = await accounts.find('a');
  await database.close();
  return [ids, account ? spentSince(account, 0) : 0];
}

it('nothing is lost or counted twice when a gateway is killed while it takes what others left, and two start then', async () => {
  const left = await killed();
  const all = Array.from({ length: SPOOLS }, (_none, at) => [
    ...Array.from({ length: BATCHES }, (_, n) => `${at} ${n}`),
    `${at} under way`,
  ]).flat();
  let steps = 0;
  for (let isKilled = true; isKilled; steps += 1) {
    expect(steps).toBeLessThan(MOST_STEPS);
    const root = path.join(work, 'start');
    cpSync(left, root, { recursive: true });
    isKilled = isKilledAt(steps, root);
    for (const folder of readdirSync(root)) {
      for (const isFirst of [true, false]) {
        const copy = path.join(work, 'copy');
        cpSync(root, copy, { recursive: true });
        const [ids, paid] = await shipped(copy, folder, isFirst);
        expect([steps, folder, isFirst, ids, paid]).toEqual([steps, folder, isFirst, all.toSorted(), CALLS]);
        rmSync(copy, { recursive: true });
      }
    }
    rmSync(root, { recursive: true });
  }
  expect(steps).toBeGreaterThan(1);
});
