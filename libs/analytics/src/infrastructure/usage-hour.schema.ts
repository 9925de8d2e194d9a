import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { mongo } from 'mongoose';
import {
  type CallTimes,
  byTime,
  type PackedTimes,
  type Time,
  TIMES,
  TimeSketches,
} from '../domain/rollups/call-times.js';
import { AMOUNTS, COUNTS, type UsageHour, type UsageSums } from '../domain/rollups/usage-hour.js';

/** Written by the driver itself, in steps that Mongoose does not know: only what is asked for by index is named here. */
@Schema({ collection: 'usage_hours', versionKey: false })
export class UsageHourDocument {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: Number })
  readonly hour!: number;

  @Prop({ type: String })
  readonly projectId!: string;
}

export const usageHourSchema = SchemaFactory.createForClass(UsageHourDocument);
/** `sums` of one project. */
usageHourSchema.index({ projectId: 1, hour: 1 }, { name: 'usage_hours_by_project' });
/** `sums` of all projects, and `mend`. */
usageHourSchema.index({ hour: 1 }, { name: 'usage_hours_by_hour' });

/** Likewise. */
@Schema({ collection: 'usage_label_hours', versionKey: false })
export class LabelHourDocument extends UsageHourDocument {
  @Prop({ type: String })
  readonly endUser?: string;

  @Prop({ type: String })
  readonly tag?: string;
}

export const labelHourSchema = SchemaFactory.createForClass(LabelHourDocument);
/** `sums` of one project. */
labelHourSchema.index({ projectId: 1, hour: 1 }, { name: 'usage_label_hours_by_project' });
/** `sums` of all projects, `mend`, and what is deleted. */
labelHourSchema.index({ hour: 1 }, { name: 'usage_label_hours_by_hour' });
/** `sums` of one end user, and of one tag. */
labelHourSchema.index({ endUser: 1, hour: 1 }, { name: 'usage_label_hours_by_end_user' });
labelHourSchema.index({ tag: 1, hour: 1 }, { name: 'usage_label_hours_by_tag' });

type Whole = number | mongo.Long;

/** Distributions in a document. */
type TimesOfDocument = {
  /** Calls of each bucket of `Sketch`, besides those that are packed. */
  readonly times?: StoredTimes;
  readonly packed?: PackedTimes;
};

/** As it is stored. */
export type StoredHour = Omit<UsageHour, 'id' | 'times' | keyof UsageSums> &
  TimesOfDocument &
  Record<keyof UsageSums, Whole> & {
    readonly _id: string;
    readonly day: number;
    readonly month: number;
    /** The greatest number of the batches of each spool that it has. */
    readonly seqs?: Record<string, number>;
    /** Marks of corrections that it has, and that are not known to have it yet. */
    readonly corrections?: string[];
  };

export type StoredTimes = Partial<Record<Time, Readonly<Record<string, number>>>>;

/** In the store, money is a 64-bit integer. */
export function storedSums(sums: UsageSums): Record<keyof UsageSums, Whole> {
  return Object.fromEntries([
    ...COUNTS.map(name => [name, sums[name]] as const),
    ...AMOUNTS.map(name => [name, mongo.Long.fromBigInt(sums[name])] as const),
  ]) as Record<keyof UsageSums, Whole>;
}

export function toHour(stored: StoredHour): UsageHour {
  const { _id: id, hour, projectId, keyId, endpoint, provider, model, endUser, tag } = stored;
  const of = { id, hour, projectId, keyId, endpoint, provider, model, endUser, tag };
  return { ...of, ...readSums(stored), times: timesIn(stored).toJSON() };
}

export function storedTimes(times: CallTimes): StoredTimes {
  return byTime(time => Object.fromEntries(times[time]));
}

/** What adds them to those that are there. */
export function addedTimes(times: CallTimes): Record<string, number> {
  return Object.fromEntries(
    TIMES.flatMap(time => times[time].map(([bucket, calls]) => [`times.${time}.${bucket}`, calls])),
  );
}

export function timesIn(document: TimesOfDocument): TimeSketches {
  const sketches = new TimeSketches();
  addTimes(sketches, document);
  return sketches;
}

/** Adds those of a document. */
export function addTimes(sketches: TimeSketches, { times = {}, packed }: TimesOfDocument): void {
  if (packed) {
    sketches.mergePacked(packed);
  }
  for (const time of TIMES) {
    for (const [bucket, calls] of Object.entries(times[time] ?? {})) {
      sketches.addBucket(time, Number(bucket), Number(calls));
    }
  }
}

export function readSums(stored: Readonly<Record<string, unknown>>): UsageSums {
  return Object.fromEntries([
    ...COUNTS.map(name => [name, Number(stored[name] ?? 0)] as const),
    ...AMOUNTS.map(name => [name, BigInt(String(stored[name] ?? 0))] as const),
  ]) as unknown as UsageSums;
}
