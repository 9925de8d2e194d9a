import { type Logger, redact } from '@app/shared';
import type { UsageRecord } from './usage-record.entity.js';

const NANO_PER_USD = 1e9;

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

/** The one line per call. It holds nothing of what was said, and no key, so a `plainLogger` writes it. */
export function logCall(logger: Logger, usage: UsageRecord): void {
  const { id, projectId, keyId, endpoint, provider, outcome, status, errorCode } = usage;
  const { inputTokens, cacheReadTokens, outputTokens, estimated, costNanoUsd, latencyMs } = usage;
  logger.info(
    {
      requestId: id,
      project: projectId,
      key: keyId,
      endpoint,
      provider,
      model: shownModel(usage.modelUsed ?? usage.modelAsked ?? ''),
      status,
      outcome,
      error: errorCode ?? undefined,
      inputTokens,
      cacheReadTokens,
      outputTokens,
      estimated: estimated || undefined,
      costUsd: costNanoUsd === null ? null : costNanoUsd / NANO_PER_USD,
      latencyMs,
      ttftMs: usage.firstTokenMs,
    },
    'call',
  );
}
