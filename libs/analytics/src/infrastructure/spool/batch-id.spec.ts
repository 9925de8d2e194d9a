import { renameSync } from 'node:fs';
import { TestSpools } from '../../../../../test/support/spools.js';
import { aUsageRecord } from '../../../../../test/support/usage-record.js';
import type { SpooledCall } from '../../domain/usage-spool.js';
import { batchIdOf, segmentName } from './batch-id.js';

let spools: TestSpools;

beforeEach(() => {
  spools = new TestSpools();
});
afterEach(() => spools.remove());

function aCall(id: string): SpooledCall {
  return { usage: aUsageRecord({ id }), decision: null };
}

describe('FileUsageSpool', () => {
  it('names its batches for good, in the order in which they are shipped', async () => {
    const spool = spools.open();
    const sealed = [];
    for (const id of ['a', 'b']) {
      void spool.append(aCall(id));
      sealed.push(spool.seal().id);
    }
    const [first, second] = sealed;
    expect(second).toEqual({ spool: first?.spool, seq: (first?.seq ?? 0) + 1 });

    const next = spools.openKilled();
    expect(next.leftovers().map(({ id }) => id)).toEqual(sealed);
    void next.append(aCall('c'));
    expect(next.seal().id).not.toMatchObject({ spool: first?.spool });
  });

  it('names what only memory has, too, and never as a file', async () => {
    const spool = spools.open({ limit: 1000 });
    const sealed = ['a', 'b', 'c'].map(id => {
      void spool.append(aCall(id));
      return spool.seal();
    });
    expect(sealed.map(({ unsafe }) => unsafe.length)).toEqual([0, 1, 1]);
    await sealed[0]?.remove(); // there is room again
    void spool.append(aCall('d'));
    const last = spool.seal();

    expect(last.unsafe).toEqual([]);
    const seqs = [...sealed, last].map(({ id }) => id.seq);
    expect(new Set(seqs).size).toBe(4);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  });

  it('finds the batches of a spool in the order of their numbers, however many digits these have', async () => {
    const spool = spools.open();
    for (const id of ['a', 'b', 'c']) {
      void spool.append(aCall(id));
      spool.seal();
    }
    for (const [at, file] of spools.files().entries()) {
      renameSync(file, file.replace(/\d{6}\.jsonl$/, `${999_998 + at}.jsonl`));
    }

    const next = spools.openKilled();
    expect(next.leftovers().map(({ id }) => id.seq)).toEqual([999_998, 999_999, 1_000_000]);
    const read = await Promise.all(next.leftovers().map(segment => segment.read()));
    expect(read.flat().map(({ usage }) => usage.id)).toEqual(['a', 'b', 'c']);
  });

  it('takes a file that has another name for a spool of its own', () => {
    expect(batchIdOf('/spool/mine.jsonl')).toEqual({ spool: 'mine', seq: 1 });
    const id = { spool: '1764066030456-123456', seq: 1_000_000 };
    expect(batchIdOf(segmentName(id))).toEqual(id);
  });
});
