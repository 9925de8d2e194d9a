import path from 'node:path';
import type { BatchId } from '../../domain/usage-spool.js';

const NUMBER_DIGITS = 6;
const EXTENSION = '.jsonl';

/** The file of a batch tells its identity to the processes that come after. */
export function segmentName({ spool, seq }: BatchId): string {
  return `${spool}-${String(seq).padStart(NUMBER_DIGITS, '0')}${EXTENSION}`;
}

/** @param file path or name, by `segmentName`; any other file is a spool of its own */
export function batchIdOf(file: string): BatchId {
  const name = path.basename(file, EXTENSION);
  const [, spool, seq] = /^(.+)-(\d{6,15})$/.exec(name) ?? [];
  return spool === undefined ? { spool: name, seq: 1 } : { spool, seq: Number(seq) };
}

/** Spools by their start, each one's batches by number: a million of them has more digits than the one before. */
export function inOrder(a: BatchId, b: BatchId): number {
  return a.spool === b.spool ? a.seq - b.seq : a.spool < b.spool ? -1 : 1;
}
