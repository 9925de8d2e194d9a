import { randomUUID } from 'node:crypto';
import type { BilledFacts, UsageRecord } from '@app/analytics';

/** A usage record as a call to OpenAI leaves it, but for what a test cares about. */
export function aUsageRecord(some: Partial<UsageRecord> = {}): UsageRecord {
  return {
    id: randomUUID(),
    projectId: 'project-1',
    keyId: 'key-1',
    endUser: null,
    tags: [],
    endpoint: '/v1/chat/completions',
    provider: 'openai',
    modelAsked: 'gpt-4o',
    modelUsed: 'gpt-4o-2024-08-06',
    modelSent: 'gpt-4o',
    upstreamId: 'chatcmpl-1',
    stream: false,
    outcome: 'completed',
    status: 200,
    finish: 'stop',
    errorCode: null,
    inputTokens: 1000,
    cacheReadTokens: 200,
    cacheWriteTokens: 0,
    outputTokens: 100,
    reasoningTokens: 10,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    audioMs: null,
    billed: null,
    estimated: false,
    costNanoUsd: 3_250_000,
    budgetCharges: null,
    priceExact: true,
    priceVersion: '0.1.8+1',
    latencyMs: 812,
    firstTokenMs: null,
    voice: null,
    attempts: 1,
    cached: false,
    savedNanoUsd: 0,
    receivedAt: Date.UTC(2026, 10, 24, 12),
    ...some,
  };
}

/** The identity of a batch of its own. */
export function aBatch(): { readonly spool: string; readonly seq: number } {
  return { spool: randomUUID(), seq: 1 };
}

/** What a call may have that nearly none has. */
export const BILLED: BilledFacts = {
  vendorCharged: false,
  serviceTier: null,
  cacheWrite1hTokens: 0,
  imageInputTokens: 0,
  imageOutputTokens: 0,
  toolRequests: 0,
  searchUnits: 0,
  characters: 0,
  otherModels: 0,
};
