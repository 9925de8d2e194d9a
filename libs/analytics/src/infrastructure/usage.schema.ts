import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { mongo } from 'mongoose';
import { NOTHING_KNOWN } from '../domain/billed-facts.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import type { BatchId } from '../domain/usage-spool.js';

@Schema({ collection: 'usage', versionKey: false, strict: 'throw' })
export class UsageDocument implements Omit<UsageRecord, 'id'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly keyId!: string;

  @Prop({ type: String })
  readonly endUser!: string | null;

  @Prop({ type: [String] })
  readonly tags!: string[];

  @Prop({ type: String })
  readonly endpoint!: string;

  @Prop({ type: String })
  readonly provider!: string | null;

  @Prop({ type: String })
  readonly modelAsked!: string | null;

  @Prop({ type: String })
  readonly modelUsed!: string | null;

  @Prop({ type: String })
  readonly modelSent!: string | null;

  @Prop({ type: String })
  readonly upstreamId!: string | null;

  @Prop({ type: Boolean })
  readonly stream!: boolean;

  @Prop({ type: String })
  readonly outcome!: UsageRecord['outcome'];

  @Prop({ type: Number })
  readonly status!: number;

  @Prop({ type: String })
  readonly finish!: UsageRecord['finish'];

  @Prop({ type: String })
  readonly errorCode!: string | null;

  @Prop({ type: Number })
  readonly inputTokens!: number;

  @Prop({ type: Number })
  readonly cacheReadTokens!: number;

  @Prop({ type: Number })
  readonly cacheWriteTokens!: number;

  @Prop({ type: Number })
  readonly outputTokens!: number;

  @Prop({ type: Number })
  readonly reasoningTokens!: number;

  @Prop({ type: Number })
  readonly audioInputTokens!: number;

  @Prop({ type: Number })
  readonly audioOutputTokens!: number;

  @Prop({ type: Number })
  readonly audioMs!: number | null;

  @Prop({ type: Object })
  readonly billed!: UsageRecord['billed'];

  @Prop({ type: Boolean })
  readonly estimated!: boolean;

  @Prop({ type: Number })
  readonly costNanoUsd!: number | null;

  @Prop({ type: Object })
  readonly budgetCharges!: UsageRecord['budgetCharges'];

  @Prop({ type: Boolean })
  readonly priceExact!: boolean | null;

  @Prop({ type: String })
  readonly priceVersion!: string | null;

  @Prop({ type: Number })
  readonly latencyMs!: number;

  @Prop({ type: Number })
  readonly firstTokenMs!: number | null;

  @Prop({ type: Object })
  readonly voice!: UsageRecord['voice'];

  @Prop({ type: Number })
  readonly attempts!: number;

  @Prop({ type: Boolean })
  readonly cached!: boolean;

  @Prop({ type: Number })
  readonly savedNanoUsd!: number;

  @Prop({ type: Number })
  readonly receivedAt!: number;

  /** Of which it is a part: only that one adds it to the rollups. Absent in documents of an earlier release. */
  @Prop({ type: Object })
  readonly batch?: BatchId;
}

export const usageSchema = SchemaFactory.createForClass(UsageDocument);
/** `page` without a project: what happened lately, also filtered by vendor, model or outcome. */
usageSchema.index({ receivedAt: -1, _id: -1 }, { name: 'usage_by_time' });
/** `page` of one project. */
usageSchema.index({ projectId: 1, receivedAt: -1, _id: -1 }, { name: 'usage_by_project' });
/** `page` of one key. */
usageSchema.index({ keyId: 1, receivedAt: -1, _id: -1 }, { name: 'usage_by_key' });
/** `page` of one end user, and of one tag. */
usageSchema.index(
  { endUser: 1, receivedAt: -1, _id: -1 },
  { name: 'usage_by_end_user', partialFilterExpression: { endUser: { $gt: '' } } },
);
usageSchema.index(
  { tags: 1, receivedAt: -1, _id: -1 },
  { name: 'usage_by_tag', partialFilterExpression: { tags: { $gt: '' } } },
);
/** `findByUpstreamId`. */
usageSchema.index({ upstreamId: 1, receivedAt: -1 }, { name: 'usage_by_upstream_id' });

/** Money is a 64-bit integer in the store, so that sums made there stay exact. */
export type WrittenUsage = Omit<UsageDocument, 'costNanoUsd' | 'savedNanoUsd'> & {
  readonly costNanoUsd: mongo.Long | null;
  readonly savedNanoUsd: mongo.Long;
};

export function toDocument(usage: UsageRecord, batch: BatchId): WrittenUsage {
  const { id, costNanoUsd, savedNanoUsd, ...record } = { ...NOTHING_KNOWN, ...usage };
  return {
    _id: id,
    batch,
    ...record,
    costNanoUsd: costNanoUsd === null ? null : mongo.Long.fromNumber(costNanoUsd),
    savedNanoUsd: mongo.Long.fromNumber(savedNanoUsd),
  };
}

export function toRecord({ _id, batch: _batch, ...document }: UsageDocument): UsageRecord {
  return { id: _id, ...NOTHING_KNOWN, ...document };
}
