import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createLogger } from '@app/shared';
import { eventually } from '../../../../../test/support/eventually.js';
import { TestSpools } from '../../../../../test/support/spools.js';
import { aUsageRecord } from '../../../../../test/support/usage-record.js';
import type { BegunCall, SpooledCall, UsageSpool } from '../../domain/usage-spool.js';

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

function aBeginning(id: string): BegunCall {
  const { projectId, keyId, endUser, tags, endpoint, provider, ...record } = aUsageRecord({});
  const { modelAsked, modelUsed, stream, receivedAt } = record;
  const whose = { projectId, keyId, endUser, tags };
  return { id, ...whose, endpoint, provider, modelAsked, modelUsed, stream, receivedAt };
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

/** The calls of its segments, then those that it knows to have begun, of which it is told that the store knows them. */
async function outcomes(spool: UsageSpool): Promise<string[]> {
  const ended = await found(spool);
  const begun = spool.unended().map(({ id }) => id);
  await spool.forget(begun);
  return [...ended.map(id => `${id} ended`), ...begun.map(id => `${id} begun`)];
}

describe('FileUsageSpool', () => {
  it('has a call in its file, for nobody else to read, when it says so', async () => {
    const spool = spools.open();
    await spool.append(aCall('a'));

    const [file = ''] = spools.files();
    expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{8} \[\{"usage":\{"id":"a".*\}\]\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each(['process', 'power'])('writes together what is given in one turn (%s)', async durability => {
    const spool = spools.open({ durability });
    await Promise.all([spool.begin(aBeginning('b')), ...['a', 'b'].map(id => spool.append(aCall(id)))]);
    await spool.append(aCall('c'));

    const [file = ''] = spools.files();
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
    expect(await found(spools.openKilled())).toEqual(['a', 'b', 'c']);
  });

  it('seals what it was given in this turn, before it is safe', async () => {
    const spool = spools.open({ durability: 'power' });
    const safe = [spool.append(aCall('a')), spool.append(aCall('b'))];
    const segment = spool.seal();
    const later = spool.append(aCall('c'));

    await expect(segment?.read()).resolves.toEqual(['a', 'b'].map(aCall));
    await Promise.all([...safe, later]);
    await segment?.remove();
    expect(await found(spools.openKilled())).toEqual(['c']);
  });

  it('gives back what was appended, piece by piece', async () => {
    const spool = spools.open();
    const calls = ['a', 'b', 'c'].map(aCall);
    await Promise.all(calls.slice(0, 2).map(call => spool.append(call)));
    const first = spool.seal();
    await Promise.all(calls.slice(2).map(call => spool.append(call)));
    const second = spool.seal();

    await expect(first.read()).resolves.toEqual(calls.slice(0, 2));
    await expect(second.read()).resolves.toEqual(calls.slice(2));
    expect(spools.files()).toHaveLength(2);
    await first.remove();
    await second.remove();
    expect(spools.files()).toEqual([]);
  });

  it('finds what was left, in order, and nothing of it twice', async () => {
    const spool = spools.open();
    for (const id of ['a', 'b', 'c']) {
      void spool.append(aCall(id));
      spool.seal();
    }
    expect(await found(spools.openKilled())).toEqual(['a', 'b', 'c']);

    expect(await found(spools.openKilled())).toEqual([]);
  });

  it('finds at the end the calls that were begun and never ended', async () => {
    const spool = spools.open();
    void spool.begin(aBeginning('lost'));
    void spool.begin(aBeginning('told'));
    void spool.append(aCall('first'));
    spool.seal();
    await spool.append(aCall('told'));
    spool.seal();
    void spool.begin({ ...aBeginning('retried'), provider: 'openai' });
    spool.seal();
    void spool.begin({ ...aBeginning('retried'), provider: 'google' });

    const next = spools.openKilled();
    expect(await outcomes(next)).toEqual(['first ended', 'told ended', 'lost begun', 'retried begun']);
    expect(spools.files()).toEqual([]);
  });

  it('keeps what it knows of them until it is told that the store has them', async () => {
    void spools.open().begin(aBeginning('lost'));
    expect(await found(spools.openKilled())).toEqual([]);

    expect(await outcomes(spools.openKilled())).toEqual(['lost begun']);
    expect(await outcomes(spools.openKilled())).toEqual([]);
  });

  it('keeps of a piece that the store has only what is under way, until that ends', async () => {
    const spool = spools.open();
    void spool.begin(aBeginning('long'));
    void spool.append(aCall('a'));
    const segment = spool.seal();
    const [file = ''] = spools.files();
    await segment?.remove();

    const only = /^[0-9a-f]{8} \[\{"begin":\{"id":"long"[^[\]]*"tags":\[\][^[\]]*\}\]\n$/;
    await eventually(() => expect(readFileSync(file, 'utf8')).toMatch(only));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await spool.append(aCall('long'));
    await eventually(() => expect(spools.files()).not.toContain(file));
    expect(await outcomes(spools.openKilled())).toEqual(['long ended']);
  });

  it('throws away what a crash kept from becoming a piece', async () => {
    const spool = spools.open();
    await spool.append(aCall('a'));
    const [file = ''] = spools.files();
    writeFileSync(`${file}.part`, 'half');

    expect(await found(spools.openKilled())).toEqual(['a']);
    expect(spools.files()).toEqual([]);
  });

  it('leaves the files of a process that lives alone, and takes those of all that do not', async () => {
    const dead = [spools.open(), spools.open()];
    dead.forEach((spool, n) => void spool.append(aCall(`dead-${n}`)));
    dead.forEach(spool => spool.onApplicationShutdown());
    const alive = spools.open(); // has their folders, and their files
    await alive.append(aCall('alive'));
    const other = spools.open();

    expect(await found(other)).toEqual([]);
    expect((await found(alive)).toSorted()).toEqual(['dead-0', 'dead-1']);
    expect(spools.files()).toHaveLength(1);
    await other.append(aCall('other'));
    const last = spools.openKilled();
    expect((await found(last)).toSorted()).toEqual(['alive', 'other']);
    last.predecessors().forEach(process => last.bury(process));
    mkdirSync(path.join(spools.root, 'removed-by-half.gone'));
    spools.openKilled(); // the folders in which nothing waits are gone
    expect(readdirSync(spools.root)).toHaveLength(1);
  });

  it('does without the last line when a crash cut it', async () => {
    const spool = spools.open();
    await spool.append(aCall('a'));
    await spool.append(aCall('b'));
    const [file = ''] = spools.files();
    truncateSync(file, statSync(file).size - 5);

    expect(await found(spools.openKilled({ logger }))).toEqual(['a']);
    expect([lines, spools.files()]).toEqual([[], []]);
  });

  it('tells of a line that is damaged, and keeps its file aside', async () => {
    const spool = spools.open();
    for (const id of ['a', 'b', 'c']) {
      await spool.append(aCall(id));
    }
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
    await spool.append(aCall('a'));
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
    await left.append(aCall('left'));
    const size = statSync(spools.files()[0] ?? '').size;
    const spool = spools.openKilled({ logger, limit: 2.5 * size });
    const [segment] = spool.leftovers();

    for (const id of ['1', '2', '3']) {
      await spool.append(aCall(id));
    }
    expect(lines.map(line => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'The spool takes no usage records: they wait in memory, and a crash would lose them.',
    ]);
    await segment?.remove();
    await spool.append(aCall('4'));
    expect(lines).toHaveLength(2);
    const sealed = spool.seal();
    expect(sealed.unsafe.map(({ usage }) => usage.id)).toEqual(['2', '3']);
    expect((await sealed.read()).map(({ usage }) => usage.id)).toEqual(['1', '4']);
  });

  it('knows of a call as begun while only memory has its end', async () => {
    const size = 700;
    const spool = spools.open({ logger, limit: size });
    await spool.begin(aBeginning('a'));
    await spool.append(aCall('a'));
    const sealed = spool.seal();
    expect(sealed.unsafe.map(({ usage }) => usage.id)).toEqual(['a']);

    await sealed.remove();
    expect(await outcomes(spools.openKilled())).toEqual([]);
  });
});
