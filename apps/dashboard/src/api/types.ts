import type { KeptDays } from './retention-types.js';
import type { Percentiles, Relay, Voice } from './voice-types.js';

/** What the gateway tells, as far as it is shown. The words are those of its OpenAPI document. */

export interface Session {
  readonly id: string;
  readonly name: string;
  readonly role: 'viewer' | 'admin' | 'owner';
  readonly key: string | null;
}

export const OUTCOMES = ['completed', 'failed', 'aborted', 'cut', 'unsettled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface UsageView {
  readonly id: string;
  readonly projectId: string;
  readonly keyId: string;
  readonly endUser: string | null;
  readonly tags: readonly string[];
  readonly endpoint: string;
  readonly provider: string | null;
  readonly modelAsked: string | null;
  readonly modelUsed: string | null;
  readonly upstreamId: string | null;
  readonly stream: boolean;
  readonly outcome: Outcome;
  readonly status: number;
  readonly finish: string | null;
  readonly errorCode: string | null;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly audioInputTokens: number;
  readonly audioOutputTokens: number;
  readonly audioMs: number | null;
  readonly estimated: boolean;
  readonly costNanoUsd: number | null;
  readonly priceExact: boolean | null;
  readonly priceVersion: string | null;
  readonly latencyMs: number;
  readonly firstTokenMs: number | null;
  readonly attempts: number;
  readonly cached: boolean;
  readonly savedNanoUsd: number;
  readonly voice: Voice | null;
  readonly receivedAt: string;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly next: string | null;
}

export interface Correction {
  /** From 1. */
  readonly number: number;
  readonly toVersion: string;
  readonly costNanoUsd: number;
  readonly differenceNanoUsd: number;
  readonly createdAt: string;
}

export interface UsageDetails extends UsageView {
  readonly decision: Decision | { readonly truncated: true } | null;
  readonly corrections: readonly Correction[];
}

export interface Decision {
  readonly snapshot: {
    readonly policy: string | null;
    readonly rule: number | null;
    readonly ranking: string;
    readonly candidates: readonly Candidate[];
  };
  readonly plan: {
    readonly order: readonly number[];
    readonly scores: readonly (number | null)[];
    readonly excluded: readonly (string | null)[];
  };
  readonly attempts: readonly Attempt[];
}

export interface Candidate {
  readonly vendor: string;
  readonly model: string;
  readonly cost: number | null;
  readonly ttftMs: number | null;
  readonly tokensPerSecond: number | null;
  readonly open: number;
}

export interface Attempt {
  readonly target: string;
  readonly startedMs: number;
  readonly ms: number | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly hedge?: true;
  readonly resumed?: true;
}

export interface FeedSecond {
  readonly at: string;
  readonly calls: number;
  readonly failedCalls: number;
  readonly cachedCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
  readonly savedNanoUsd: number;
  readonly latencyMs: Percentiles | null;
  readonly firstSoundMs: Percentiles | null;
  readonly bargeInMs: Percentiles | null;
  /** Of the sessions that ended. */
  readonly relay: Relay | null;
}

/** Null: no limit. */
export interface Limits {
  readonly requestsPerMinute: number | null;
  readonly concurrentCalls: number | null;
  readonly tokensPerMinute: number | null;
}

export interface Project extends Limits, KeptDays {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  readonly createdAt: string;
  readonly deletesAt: string | null;
}

export interface ApiKey extends Limits {
  readonly id: string;
  readonly name: string;
  readonly masked: string;
  readonly status: 'active' | 'expired' | 'revoked';
  readonly allowedModels: readonly string[] | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly replacedBy: string | null;
}

export const PERIODS = ['minute', 'hour', 'day', 'week', 'month', 'total'] as const;

export interface Budget {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly limitUsd: number;
  readonly period: (typeof PERIODS)[number];
  readonly rolling: boolean;
  readonly keyId: string | null;
  readonly endUser: string | null;
  readonly tag: string | null;
  readonly model: string | null;
  readonly each: readonly string[];
  readonly hard: boolean;
}

export interface Spending {
  readonly subject: readonly (string | null)[];
  readonly spentUsd: number;
  readonly reservedUsd: number;
  readonly remainingUsd: number;
  readonly resetAt: string | null;
}

/** What calls of an interval add up to: of each dimension that is told apart, and as far as it was asked for. */
export interface Bucket {
  readonly start: string;
  readonly projectId?: string;
  readonly keyId?: string;
  readonly endpoint?: string;
  readonly provider?: string | null;
  readonly model?: string | null;
  readonly endUser?: string;
  readonly tag?: string;
  readonly other?: true;
  readonly calls?: number;
  readonly failedCalls?: number;
  readonly unpricedCalls?: number;
  readonly inputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  /** Whole numbers as text. */
  readonly costNanoUsd?: string;
  readonly savedNanoUsd?: string;
  readonly latencyMs?: Distribution | null;
  readonly firstTokenMs?: Distribution | null;
}

export interface Distribution {
  readonly calls: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Summary {
  readonly from: string;
  readonly to: string;
  readonly data: readonly Bucket[];
}

export interface Vendor {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly key: 'gateway' | 'none';
  /** Null: nobody asked. */
  readonly reachable: boolean | null;
  readonly lastError: string | null;
  readonly checkedAt: string | null;
}

export interface VendorTarget {
  readonly id: string;
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly opensForMs: number;
  readonly ownKeys: readonly { readonly projectId: string }[];
  readonly openCalls: number;
  readonly firstTokenMs: { readonly p50: number; readonly p95: number } | null;
  readonly tokensPerSecond: number | null;
  readonly failures: number;
  readonly lastFailure: { readonly status: number | null; readonly at: string } | null;
}

export interface CoolingKey {
  readonly keyId: string;
  readonly model: string | null;
  readonly remainingMs: number;
  readonly limited: boolean;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actorName: string;
  readonly address: string | null;
  readonly action: string;
  readonly targetId: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly outcome: 'made' | 'unknown';
}

export interface SavingsBucket {
  readonly calls: number;
  /** Whole numbers as text. */
  readonly costNanoUsd: string;
  readonly savedNanoUsd: string;
  readonly savedShare: number | null;
  readonly cacheReadShare: number | null;
}

export interface SemanticReport {
  readonly since: string | null;
  readonly asked: number;
  readonly found: number;
  readonly answered: number;
  readonly savedNanoUsd: number;
  readonly embeddingNanoUsd: number;
  readonly similarities: readonly { readonly from: number; readonly questions: number }[];
}

export interface RoutingPolicy {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly targets: readonly { readonly model: string }[];
  readonly updatedAt: string;
  readonly authorName: string;
  readonly version: number;
}

/** Where a call would go. */
export interface Explanation {
  readonly policy: string | null;
  readonly rule: number | null;
  readonly ranking: string;
  readonly candidates: readonly {
    readonly target: string;
    readonly place: number | null;
    readonly excluded: string | null;
    readonly costNanoUsd: number | null;
    readonly ttftMs: number | null;
    readonly down: string | null;
  }[];
  readonly refusal: { readonly status: number; readonly message: string } | null;
}
