import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createLogger } from '@app/shared';
import { TestSpools } from '../../../../../test/support/spools.js';
import { aUsageRecord } from '../../../../../test/support/usage-record.js';
import type { SpooledCall, UsageSpool } from '../../domain/usage-spool.js';

let spools: TestSpools;
let lines: string[];

beforeEach(() => {
  spools = new TestSpools();
  lines = [];
});
afterEach(() => spools.remove());

const logger = createLogger('info', { write: (line: string) => void lines.push(line) });

function aCall(id: string): SpooledCall {
  return { usage: aUsageRecord({ id }), decision: { of: id, says: 'Grüße \n 🎈' } };
}

/** What the next process finds. */
async function found(spool: UsageSpool): Promise<string[]> {
  const calls: SpooledCall[] = [];
  for (const segment of spool.leftovers()) {
    calls.push(...(await segment.read()));
    await segment.remove();
  }
  return calls.map(({ usage }) => usage.id);
}

describe('FileUsageSpool', () => {
  it('has a call in its file, for nobody else to read, when it takes it', () => {
    const spool = spools.open();
    expect(spool.append(aCall('a'))).toBe(true);

    const [file = ''] = spools.files();
    expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{8} \{"usage":\{"id":"a".*\}\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('gives back what was appended, piece by piece', async () => {
    const spool = spools.open();
    expect(spool.seal()).toBeNull();
    const calls = ['a', 'b', 'c'].map(aCall);
    calls.slice(0, 2).forEach(call => spool.append(call));
    const first = spool.seal();
    calls.slice(2).forEach(call => spool.append(call));
    const second = spool.seal();

    await expect(first?.read()).resolves.toEqual(calls.slice(0, 2));
    await expect(second?.read()).resolves.toEqual(calls.slice(2));
    expect(spools.files()).toHaveLength(2);
    await first?.remove();
    await second?.remove();
    expect(spools.files()).toEqual([]);
  });

  it('finds what was left, in order, and nothing of it twice', async () => {
    const spool = spools.open();
    for (const id of ['a', 'b', 'c']) {
      spool.append(aCall(id));
      spool.seal();
    }
    expect(await found(spools.openKilled())).toEqual(['a', 'b', 'c']);

    expect(await found(spools.openKilled())).toEqual([]);
  });

  it('leaves the files of a process that lives alone, and adopts those of all that do not', async () => {
    const dead = [spools.open(), spools.open()];
    dead.forEach((spool, n) => spool.append(aCall(`dead-${n}`)));
    dead.forEach(spool => spool.onApplicationShutdown());
    const alive = spools.open(); // has their folders, and their files
    alive.append(aCall('alive'));
    const other = spools.open();

    expect(await found(other)).toEqual([]);
    expect((await found(alive)).toSorted()).toEqual(['dead-0', 'dead-1']);
    expect(spools.files()).toHaveLength(1);
    expect(other.append(aCall('other'))).toBe(true);
    expect((await found(spools.openKilled())).toSorted()).toEqual(['alive', 'other']);
  });

  it('does without the last call when a crash cut it', async () => {
    const spool = spools.open();
    ['a', 'b'].forEach(id => spool.append(aCall(id)));
    const [file = ''] = spools.files();
    truncateSync(file, statSync(file).size - 5);

    expect(await found(spools.openKilled({ logger }))).toEqual(['a']);
    expect([lines, spools.files()]).toEqual([[], []]);
  });

  it('tells of a line that is damaged, and keeps its file aside', async () => {
    const spool = spools.open();
    ['a', 'b', 'c'].forEach(id => spool.append(aCall(id)));
    const [file = ''] = spools.files();
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"id":"b"', '"id":"x"'));
    appendFileSync(file, 'no frame at all\n');

    expect(await found(spools.openKilled({ logger }))).toEqual(['a', 'c']);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 50, file, lines: 2 });
    expect(spools.files()).toEqual([`${file}.damaged`]);
    expect(await found(spools.openKilled({ logger }))).toEqual([]);
  });

  it('keeps a file aside that cannot be read, and tells it once', async () => {
    const spool = spools.open();
    spool.append(aCall('a'));
    const [file = ''] = spools.files();
    rmSync(file);
    mkdirSync(file);
    writeFileSync(path.join(file, 'kept'), '');
    const left = spools.openKilled({ logger }).leftovers()[0];

    await expect(left?.read()).resolves.toEqual([]);
    await expect(left?.read()).resolves.toEqual([]);
    expect(lines.map(line => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ level: 50, file }),
    ]);
    await left?.remove();
    expect(spools.files()).toEqual([path.join(`${file}.damaged`, 'kept')]);
  });

  it('takes no more than it has room for, counts what was left, and takes calls again later', async () => {
    const left = spools.open();
    left.append(aCall('left'));
    const size = statSync(spools.files()[0] ?? '').size;
    const spool = spools.openKilled({ logger, limit: 2.5 * size });
    const [segment] = spool.leftovers();

    expect(['1', '2', '3'].map(id => spool.append(aCall(id)))).toEqual([true, false, false]);
    expect(lines.map(line => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'The spool takes no usage records: they wait in memory, and a crash would lose them.',
    ]);
    await segment?.remove();
    expect(spool.append(aCall('4'))).toBe(true);
    expect(lines).toHaveLength(2);
    const ids = (await spool.seal()?.read())?.map(({ usage }) => usage.id);
    expect(ids).toEqual(['1', '4']);
  });
});
