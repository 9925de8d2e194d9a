import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { SchemaTypes } from 'mongoose';
import type { AuditEntry } from '../domain/audit-entry.entity.js';

/** A state may be empty, and is kept then, too. */
@Schema({ collection: 'audit', versionKey: false, strict: 'throw', minimize: false })
export class AuditDocument implements Omit<AuditEntry, 'id' | 'at'> {
  /** UUIDv7: its order is the order of time. */
  @Prop({ type: String })
  readonly _id!: string;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly at!: number;

  @Prop({ type: String })
  readonly actorId!: string;

  @Prop({ type: String })
  readonly actorName!: string;

  @Prop({ type: String })
  readonly actorKey!: string | null;

  @Prop({ type: String })
  readonly address!: string | null;

  @Prop({ type: String })
  readonly action!: string;

  @Prop({ type: String })
  readonly targetId!: string;

  @Prop({ type: String })
  readonly projectId!: string | null;

  @Prop({ type: SchemaTypes.Mixed })
  readonly before!: Record<string, unknown> | null;

  @Prop({ type: SchemaTypes.Mixed })
  readonly after!: Record<string, unknown> | null;

  @Prop({ type: String })
  readonly outcome!: AuditEntry['outcome'];

  @Prop({ type: String })
  readonly requestId!: string;
}

/** What documents from before this field do not have. */
const ADDED = { outcome: 'made' } as const;

export const auditSchema = SchemaFactory.createForClass(AuditDocument);
auditSchema.index({ actorId: 1, _id: -1 }, { name: 'audit_by_actor' }); // list, by actor
auditSchema.index({ targetId: 1, _id: -1 }, { name: 'audit_by_target' }); // list, by target
auditSchema.index({ projectId: 1, _id: -1 }, { name: 'audit_by_project' }); // list, by project

export function toDocument({ id, at, ...entry }: AuditEntry): AuditDocument {
  return { _id: id, ...entry, at: Date.parse(at) };
}

export function toEntry(document: AuditDocument): AuditEntry {
  const { _id, at, ...entry } = { ...ADDED, ...document };
  return { id: _id, ...entry, at: new Date(at).toISOString() };
}
