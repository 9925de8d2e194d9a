import { Injectable } from '@nestjs/common';
import { type PastCall, PastCalls } from '@app/analytics';
import { finishWord } from '@app/dialects';
import { UnknownGenerationError } from './inference.errors.js';
import type { PastGeneration } from './past-generation.entity.js';
import { type Call, usdOf } from '@app/shared';

type Asking = Pick<Call, 'projectId' | 'keyId' | 'permission'>;

/** What a project may know of its calls that are over. */
@Injectable()
export class PastGenerations {
  constructor(private readonly calls: PastCalls) {}

  /**
   * @param asking a key that is limited to some models or vendors sees its own calls only
   * @param id ours, or the vendor's
   * @throws UnknownGenerationError (404), also when it is another project's
   */
  async get({ projectId, keyId, permission }: Asking, id: string): Promise<PastGeneration> {
    const call = await this.calls.ofProject(projectId, id);
    if (!call || (permission?.limitsKey && call.record.keyId !== keyId)) {
      throw new UnknownGenerationError(id);
    }
    return toGeneration(call);
  }
}

function toGeneration({ record, decision, abandoned }: PastCall): PastGeneration {
  const { provider, modelUsed, latencyMs, inputTokens, outputTokens } = record;
  const cost = chargeOf([record, ...abandoned]);
  return {
    id: record.id,
    upstream_id: record.upstreamId,
    model: provider && modelUsed ? `${provider}/${modelUsed}` : record.modelAsked,
    provider_name: provider,
    created_at: new Date(record.receivedAt).toISOString(),
    streamed: record.stream,
    cancelled: record.outcome === 'aborted',
    status: record.status,
    error_code: record.errorCode,
    finish_reason: record.finish && finishWord(record.finish),
    total_cost: cost,
    usage: cost,
    tokens_prompt: inputTokens,
    tokens_completion: outputTokens,
    native_tokens_prompt: inputTokens,
    native_tokens_completion: outputTokens,
    native_tokens_reasoning: record.reasoningTokens,
    native_tokens_cached: record.cacheReadTokens,
    tokens_estimated: record.estimated,
    latency: latencyMs,
    generation_time: latencyMs - (record.firstTokenMs ?? 0),
    attempts: record.attempts,
    abandoned_attempts: abandoned.map(attempt => ({
      model: `${attempt.provider}/${attempt.modelUsed}`,
      tokens_prompt: attempt.inputTokens,
      tokens_completion: attempt.outputTokens,
      cost: chargeOf([attempt]),
    })),
    decision,
  };
}

/** Null when one of them is not known. */
function chargeOf(records: readonly Pick<PastCall['record'], 'costNanoUsd'>[]): number | null {
  let sum = 0;
  for (const { costNanoUsd } of records) {
    if (costNanoUsd === null) {
      return null;
    }
    sum += costNanoUsd;
  }
  return usdOf(sum);
}
