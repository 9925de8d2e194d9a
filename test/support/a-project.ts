import { randomUUID } from 'node:crypto';
import type { Project } from '@app/projects';

/** As one is stored that was told nothing. */
export function aProject(fields: Partial<Project> = {}): Project {
  return {
    id: randomUUID(),
    name: 'a project',
    status: 'active',
    strict: false,
    annotate: true,
    bodyLimitBytes: null,
    fileLimitBytes: null,
    defaultChatModel: null,
    defaultTranscriptionModel: null,
    allowedVendors: null,
    requestsPerMinute: null,
    concurrentCalls: null,
    tokensPerMinute: null,
    cache: 'off',
    cacheTtlSeconds: 3600,
    cacheScope: 'project',
    semanticCache: 'off',
    semanticCacheModel: null,
    semanticCacheThreshold: 0.9,
    semanticCacheNever: [],
    cacheKeeps: [],
    transcriptionCache: false,
    transcriptionHistoryDays: null,
    transcriptionHistoryText: false,
    retentionUsageDays: null,
    retentionDecisionDays: null,
    retentionResponseDays: null,
    promptPasses: [],
    createdAt: '2026-11-24T10:20:30.456Z',
    deletesAt: null,
    version: 1,
    ...fields,
  };
}
