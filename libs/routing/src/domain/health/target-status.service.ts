import { Injectable } from '@nestjs/common';
import { type Page, pageOf, type PageQuery } from '@app/shared';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { TargetFacts } from './target-facts.js';
import { TargetHealth } from './target-health.js';
import type { BreakerStatus, OwnKeysStatus, TargetStatus } from './target-status.entity.js';

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
    const shut = this.projectsKeptAway();
    const told = data.map(facts => {
      const ownKeys = (shut.get(facts.id) ?? []).toSorted((a, b) => (a.projectId < b.projectId ? -1 : 1));
      return { ...numbersOf(facts), ...breakerStatus(this.health.lookAtBreaker(facts.id, null)), ownKeys };
    });
    return { data: told, next };
  }

  /** By target. */
  private projectsKeptAway(): ReadonlyMap<string, readonly OwnKeysStatus[]> {
    const shut = new Map<string, OwnKeysStatus[]>();
    for (const { id, owner, breaker } of this.health.allBreakers()) {
      if (owner !== null && breaker.state() !== 'closed') {
        shut.set(id, [...(shut.get(id) ?? []), { projectId: owner, ...breakerStatus(breaker) }]);
      }
    }
    return shut;
  }
}

function breakerStatus(breaker: CircuitBreaker): BreakerStatus {
  return { breaker: breaker.state(), opensForMs: breaker.opensFor() };
}

function numbersOf(facts: TargetFacts): Omit<TargetStatus, keyof BreakerStatus | 'ownKeys'> {
  const { ttftMs: average, tokensPerSecond } = facts.speed();
  const p50 = facts.ttftQuantile(0.5);
  const p95 = facts.ttftQuantile(0.95);
  return {
    id: facts.id,
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
