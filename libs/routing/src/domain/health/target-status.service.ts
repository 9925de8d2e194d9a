import { Injectable } from '@nestjs/common';
import { type Page, pageOf, type PageQuery } from '@app/shared';
import type { TargetFacts } from './target-facts.js';
import { TargetHealth } from './target-health.js';
import type { TargetStatus } from './target-status.entity.js';

/** The live numbers, as people read them. */
@Injectable()
export class TargetStatusService {
  constructor(private readonly health: TargetHealth) {}

  /** By id. */
  list({ limit, after = '' }: PageQuery): Page<TargetStatus> {
    const targets = this.health
      .all()
      .filter(({ id }) => id > after)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const { data, next } = pageOf(targets, limit);
    return { data: data.map(statusOf), next };
  }
}

function statusOf(facts: TargetFacts): TargetStatus {
  const { ttftMs: average, tokensPerSecond } = facts.speed();
  const p50 = facts.ttftQuantile(0.5);
  const p95 = facts.ttftQuantile(0.95);
  return {
    id: facts.id,
    breaker: facts.state(),
    opensForMs: facts.opensFor(),
    openCalls: facts.open,
    samples: facts.samples(),
    firstTokenMs: average === null || p50 === null || p95 === null ? null : { average, p50, p95 },
    tokensPerSecond,
    outputTokens: facts.outputTokens(),
    failures: facts.failures,
    lastFailure: facts.lastFailure && {
      status: facts.lastFailure.status,
      at: new Date(facts.lastFailure.at).toISOString(),
    },
  };
}
