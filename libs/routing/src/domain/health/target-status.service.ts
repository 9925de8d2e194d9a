import { Injectable } from '@nestjs/common';
import { type Page, pageOf, type PageQuery } from '@app/shared';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { GuardedTarget } from './recent-breakers.js';
import type { TargetFacts } from './target-facts.js';
import { TargetHealth } from './target-health.js';
import type { BreakerStatus, OwnKeysStatus, TargetStatus } from './target-status.entity.js';

/** The live numbers, as people read them. */
@Injectable()
export class TargetStatusService {
  constructor(private readonly health: TargetHealth) {}

  /** By id. */
  list({ limit, after = '' }: PageQuery): Page<TargetStatus> {
    const shut = this.health.allBreakers().filter(({ breaker }) => breaker.state() !== 'closed');
    const ids = new Set([...this.health.all(), ...shut].map(({ id }) => id)); // some only others have called
    const targets = [...ids]
      .filter(id => id > after)
      .toSorted()
      .map(id => ({ id }));
    const { data, next } = pageOf(targets, limit);
    const told = data.map(({ id }) => ({
      id,
      ...breakerStatus(this.health.lookAtBreaker(id, null)),
      ownKeys: ownKeysOf(shut.filter(guarded => guarded.id === id)),
      ...numbersOf(this.health.look(id)),
    }));
    return { data: told, next };
  }
}

function ownKeysOf(shut: readonly GuardedTarget[]): OwnKeysStatus[] {
  return shut
    .flatMap(({ owner, breaker }) => (owner === null ? [] : { projectId: owner, ...breakerStatus(breaker) }))
    .toSorted((a, b) => (a.projectId < b.projectId ? -1 : 1));
}

function breakerStatus(breaker: CircuitBreaker): BreakerStatus {
  return { breaker: breaker.state(), opensForMs: breaker.opensFor() };
}

function numbersOf(facts: TargetFacts): Omit<TargetStatus, keyof BreakerStatus | 'id' | 'ownKeys'> {
  const { ttftMs: average, tokensPerSecond } = facts.speed();
  const p50 = facts.ttftQuantile(0.5);
  const p95 = facts.ttftQuantile(0.95);
  return {
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
