import type { mongo } from 'mongoose';
import { type Time, TIMES } from '../domain/rollups/call-times.js';
import { type Label, LABELS } from '../domain/rollups/rollup.repository.js';
import {
  added,
  HOUR_MS,
  hourOf,
  type HourOf,
  type HourPart,
  NOTHING,
  type UsageHour,
} from '../domain/rollups/usage-hour.js';
import type { CorrectionDocument } from './correction.schema.js';
import { PendingCorrections } from './pending-correction.documents.js';
import { type AnyModel, seqField, UsageHourDocuments } from './usage-hour.documents.js';
import { readSums, type StoredHour } from './usage-hour.schema.js';
import type { UsageDocument } from './usage.schema.js';

/** Corrections that are read at once. */
const CHUNK = 1000;

const GROUP = ['projectId', 'keyId', 'endpoint', 'provider', 'modelUsed'];

type Which = 'hours' | 'labels';

interface Asked {
  readonly hour: number;
  readonly filter: mongo.Filter<UsageDocument>;
  readonly label: Label | null;
}

type Grouped = Record<string, unknown> & { readonly _id: Record<string, unknown> };

/** What the records of an hour should have added to its rollups by now. */
export class LedgerDocuments {
  private readonly usage: mongo.Collection<UsageDocument>;
  private readonly corrections: mongo.Collection<CorrectionDocument>;
  private readonly rollups: UsageHourDocuments;
  private readonly pending: PendingCorrections;

  constructor(model: AnyModel) {
    this.usage = model.db.collection('usage') as unknown as mongo.Collection<UsageDocument>;
    this.corrections = model.db.collection(
      'usage_corrections',
    ) as unknown as mongo.Collection<CorrectionDocument>;
    this.rollups = new UsageHourDocuments(model, 'usage_hours');
    this.pending = new PendingCorrections(model);
  }

  /**
   * Without what is on its way: batches of which no rollup has anything yet. Of a batch that some have, all records are there.
   *
   * @param stored rollups of that hour, as they were before
   * @param which by label, or not
   * @returns `seqs` of batches that some rollups may lack: who takes the sums has them
   */
  async of(
    hour: number,
    stored: readonly StoredHour[],
    which: Which,
  ): Promise<{ readonly hours: UsageHour[]; readonly seqs: Record<string, number> }> {
    const seqs: Record<string, number> = {};
    for (const [spool, seq] of stored.flatMap(rollup => Object.entries(rollup.seqs ?? {}))) {
      seqs[spool] = Math.max(seqs[spool] ?? 0, seq);
    }
    const filter = await this.settled(hour, seqs);
    const parts = await this.correctionSums(hour, stored, which);
    for (const label of which === 'labels' ? LABELS : [null]) {
      const asked = { hour, filter, label };
      parts.push(...(await this.recordSums(asked)));
      for (const time of TIMES) {
        parts.push(...(await this.timed(asked, time)));
      }
    }
    return { hours: added(parts), seqs };
  }

  async oldest(): Promise<number | null> {
    const [first] = await this.usage
      .find({}, { projection: { receivedAt: 1 } })
      .sort({ receivedAt: 1 })
      .limit(1)
      .toArray();
    return first ? hourOf(first.receivedAt) : null;
  }

  private async settled(
    hour: number,
    seqs: Readonly<Record<string, number>>,
  ): Promise<mongo.Filter<UsageDocument>> {
    const spools = (await this.usage.distinct('batch.spool', receivedIn(hour))) as string[];
    const known = await this.rollups.watermarks.find({ _id: { $in: spools } }).toArray();
    const watermarks = new Map(known.map(({ _id, seq }) => [_id, seq]));
    const upTo = (spool: string) => Math.max(watermarks.get(spool) ?? 0, seqs[seqField(spool)] ?? 0);
    return {
      ...receivedIn(hour),
      $or: [
        { batch: { $exists: false } },
        ...spools.map(spool => ({ 'batch.spool': spool, 'batch.seq': { $lte: upTo(spool) } })),
      ],
    } as mongo.Filter<UsageDocument>;
  }

  private async recordSums({ hour, filter, label }: Asked): Promise<HourPart[]> {
    const found = await this.usage
      .aggregate<Grouped>([
        { $match: filter },
        ...eachOf(label),
        {
          $group: {
            _id: groupOf(label),
            calls: { $sum: 1 },
            failedCalls: countIf({ $in: ['$outcome', ['failed', 'cut']] }),
            unsettledCalls: countIf({ $eq: ['$outcome', 'unsettled'] }),
            unpricedCalls: countIf({ $eq: ['$costNanoUsd', null] }),
            estimatedCalls: countIf({ $eq: ['$estimated', true] }),
            inputTokens: sum('inputTokens'),
            cacheReadTokens: sum('cacheReadTokens'),
            cacheWriteTokens: sum('cacheWriteTokens'),
            outputTokens: sum('outputTokens'),
            reasoningTokens: sum('reasoningTokens'),
            audioMs: sum('audioMs'),
            costNanoUsd: sum('costNanoUsd'),
            savedNanoUsd: sum('savedNanoUsd'),
          },
        },
      ])
      .toArray();
    return found.map(({ _id: of, ...sums }) => ({
      of: ofGroup(of, hour),
      sums: readSums(sums),
    }));
  }

  /** How many calls took each number of ms; which bucket that is, only one place knows. */
  private async timed({ hour, filter, label }: Asked, time: Time): Promise<HourPart[]> {
    const isTimed = time === 'latencyMs' ? { outcome: { $ne: 'unsettled' }, 'voice.relay': null } : {};
    const found = await this.usage
      .aggregate<Grouped>([
        { $match: { $and: [filter, { ...isTimed, [time]: { $ne: null } }] } },
        ...eachOf(label),
        {
          $group: {
            _id: { ...groupOf(label), [time]: `$${time}` },
            calls: { $sum: 1 },
          },
        },
      ])
      .toArray();
    return found.map(({ _id: of, calls }) => ({
      of: ofGroup(of, hour),
      sums: NOTHING,
      addTimes: times => times.add(time, Number(of[time]), Number(calls)),
    }));
  }

  /** A pending one counts in rollups that have its mark. */
  private async correctionSums(
    hour: number,
    stored: readonly StoredHour[],
    which: Which,
  ): Promise<HourPart[]> {
    const marks = new Set(
      stored.flatMap(({ _id, corrections }) => corrections?.map(mark => `${_id} ${mark}`)),
    );
    const parts: HourPart[] = [];
    const add = async (some: readonly CorrectionDocument[]): Promise<void> => {
      for (const mark of new Set(some.map(({ pending }) => pending))) {
        const { [which]: hours } = await this.pending.hoursOf(some.filter(({ pending }) => pending === mark));
        const counted = hours.filter(({ id }) => mark === undefined || marks.has(`${id} ${mark}`));
        parts.push(...counted.map(({ id: _id, ...of }) => ({ of, sums: of })));
      }
    };
    let chunk: CorrectionDocument[] = [];
    for await (const correction of this.corrections.find(receivedIn(hour))) {
      chunk.push(correction);
      if (chunk.length === CHUNK) {
        await add(chunk);
        chunk = [];
      }
    }
    await add(chunk);
    return parts;
  }
}

function ofGroup(of: Readonly<Record<string, unknown>>, hour: number): HourOf {
  const { projectId, keyId, endpoint, provider = null, modelUsed: model = null, endUser, tag } = of;
  return { hour, projectId, keyId, endpoint, provider, model, endUser, tag } as HourOf;
}

/** One document of each record that has the label, or of each of its tags. */
function eachOf(label: Label | null): object[] {
  switch (label) {
    case null:
      return [];
    case 'endUser':
      return [{ $match: { endUser: { $type: 'string' } } }];
    case 'tag':
      return [{ $unwind: '$tags' }];
  }
}

function groupOf(label: Label | null): Record<string, string> {
  const group = Object.fromEntries(GROUP.map(name => [name, `$${name}`]));
  return label === null ? group : { ...group, [label]: label === 'tag' ? '$tags' : '$endUser' };
}

function sum(name: string): object {
  return { $sum: `$${name}` };
}

function countIf(condition: object): object {
  return { $sum: { $cond: [condition, 1, 0] } };
}

function receivedIn(hour: number): { receivedAt: { $gte: number; $lt: number } } {
  return { receivedAt: { $gte: hour * HOUR_MS, $lt: (hour + 1) * HOUR_MS } };
}
