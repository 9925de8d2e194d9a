import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { CACHE_DEFAULTS } from '../domain/cache-defaults.js';
import type { Project } from '../domain/project.entity.js';
import type { ProjectChange } from '../domain/project.repository.js';
import { KEEPING_DEFAULTS } from '../domain/retention-settings.entity.js';
import { toIso, toMs } from './iso-time.js';

type Time = 'createdAt' | 'deletesAt';

@Schema({ collection: 'projects', versionKey: false, strict: 'throw' })
export class ProjectDocument implements Omit<Project, 'id' | Time> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly name!: string;

  @Prop({ type: String })
  readonly status!: Project['status'];

  @Prop({ type: Boolean })
  readonly strict!: boolean;

  @Prop({ type: Boolean })
  readonly annotate!: boolean;

  @Prop({ type: Number })
  readonly bodyLimitBytes!: number | null;

  @Prop({ type: Number })
  readonly fileLimitBytes!: number | null;

  @Prop({ type: String })
  readonly defaultChatModel!: string | null;

  @Prop({ type: String })
  readonly defaultTranscriptionModel!: string | null;

  @Prop({ type: [String], default: undefined })
  readonly allowedVendors!: string[] | null;

  @Prop({ type: Number })
  readonly requestsPerMinute!: number | null;

  @Prop({ type: Number })
  readonly concurrentCalls!: number | null;

  @Prop({ type: Number })
  readonly tokensPerMinute!: number | null;

  @Prop({ type: String })
  readonly cache!: Project['cache'];

  @Prop({ type: Number })
  readonly cacheTtlSeconds!: number;

  @Prop({ type: String })
  readonly cacheScope!: Project['cacheScope'];

  @Prop({ type: String })
  readonly semanticCache!: Project['semanticCache'];

  @Prop({ type: String })
  readonly semanticCacheModel!: string | null;

  @Prop({ type: Number })
  readonly semanticCacheThreshold!: number;

  @Prop({ type: [String], default: undefined })
  readonly semanticCacheNever!: string[];

  @Prop({ type: [String], default: undefined })
  readonly cacheKeeps!: Project['cacheKeeps'];

  @Prop({ type: Boolean })
  readonly transcriptionCache!: boolean;

  @Prop({ type: Number })
  readonly transcriptionHistoryDays!: number | null;

  @Prop({ type: Boolean })
  readonly transcriptionHistoryText!: boolean;

  @Prop({ type: Number })
  readonly retentionUsageDays!: number | null;

  @Prop({ type: Number })
  readonly retentionDecisionDays!: number | null;

  @Prop({ type: Number })
  readonly retentionResponseDays!: number | null;

  @Prop({ type: [String], default: undefined })
  readonly promptPasses!: Project['promptPasses'];

  /** Unix ms, as the next. */
  @Prop({ type: Number })
  readonly createdAt!: number;

  @Prop({ type: Number })
  readonly deletesAt!: number | null;

  @Prop({ type: Number })
  readonly version!: number;
}

/** What documents from before these fields do not have. */
const ADDED = {
  bodyLimitBytes: null,
  defaultChatModel: null,
  defaultTranscriptionModel: null,
  allowedVendors: null,
  requestsPerMinute: null,
  concurrentCalls: null,
  tokensPerMinute: null,
  ...CACHE_DEFAULTS,
  ...KEEPING_DEFAULTS,
  promptPasses: [],
  deletesAt: null,
  version: 1,
};

export const projectSchema = SchemaFactory.createForClass(ProjectDocument);
projectSchema.index({ deletesAt: 1 }, { name: 'projects_by_end' }); // findDue

export function toDocument({ id, createdAt, deletesAt, ...project }: Project): ProjectDocument {
  return { _id: id, ...project, createdAt: Date.parse(createdAt), deletesAt: toMs(deletesAt) };
}

export function toFields({ deletesAt, ...change }: ProjectChange): Partial<ProjectDocument> {
  return { ...change, ...(deletesAt !== undefined && { deletesAt: toMs(deletesAt) }) };
}

export function toProject(document: ProjectDocument): Project {
  const { _id, createdAt, deletesAt, ...project } = { ...ADDED, ...document };
  return { id: _id, ...project, createdAt: new Date(createdAt).toISOString(), deletesAt: toIso(deletesAt) };
}
