import { type Logger, logLines, redact, usdOf } from '@app/shared';
import type { UsageRecord } from './usage-record.entity.js';

const REMEMBERED_MODELS = 1000;
const shownModels = new Map<string, string>();

/** Callers have sent keys in the wrong field. The search is dear and the names are few, so the result is kept. */
function shownModel(model: string): string {
  let shown = shownModels.get(model);
  if (shown === undefined) {
    shown = redact(model);
    if (shownModels.size < REMEMBERED_MODELS) {
      shownModels.set(model, shown);
    }
  }
  return shown;
}

/** One line per call. It holds nothing of what was said, and no key. */
export function logCalls(logger: Logger, calls: readonly UsageRecord[]): void {
  logLines(logger, 'call', calls.map(toLine));
}

function toLine(usage: UsageRecord): object {
  const { costNanoUsd } = usage;
  return {
    requestId: usage.id,
    project: usage.projectId,
    key: usage.keyId,
    endpoint: usage.endpoint,
    provider: usage.provider,
    model: shownModel(usage.modelUsed ?? usage.modelAsked ?? ''),
    status: usage.status,
    outcome: usage.outcome,
    error: usage.errorCode ?? undefined,
    inputTokens: usage.inputTokens,
    cacheReadTokens: usage.cacheReadTokens,
    outputTokens: usage.outputTokens,
    estimated: usage.estimated || undefined,
    costUsd: costNanoUsd === null ? null : usdOf(costNanoUsd),
    latencyMs: usage.latencyMs,
    ttftMs: usage.firstTokenMs,
  };
}
