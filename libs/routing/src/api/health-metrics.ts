import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics, type Sample } from '@app/shared';
import { KeyCooldowns } from '../domain/health/key-cooldowns.js';
import { TargetHealth } from '../domain/health/target-health.js';

const STATES = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Whom calls are kept from now, as Prometheus reads it. */
@Injectable()
export class HealthMetrics implements OnModuleInit {
  constructor(
    private readonly health: TargetHealth,
    private readonly cooldowns: KeyCooldowns,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.gauge(
      'llmhub_breaker_state',
      'Targets that failed: 2 gets no calls, 1 is tried with one at a time. Those that get their calls are not listed.',
      () => this.breakers(),
    );
    this.metrics.gauge(
      'llmhub_key_cooldown_seconds',
      'For how long a vendor key is left alone (for that model, or all of them), since its vendor said so.',
      () => this.keys(),
    );
    this.metrics.gauge('llmhub_open_calls', 'Calls in flight.', () => this.open());
  }

  private breakers(): Sample[] {
    return this.health
      .allBreakers()
      .map(({ id, owner, breaker }) => ({
        labels: { target: id, project: owner ?? '' },
        value: STATES[breaker.state()],
      }))
      .filter(({ value }) => value > 0);
  }

  private keys(): Sample[] {
    return this.cooldowns.all().map(({ keyId, model, remainingMs }) => ({
      labels: { key: keyId, model: model ?? '' },
      value: remainingMs / 1000,
    }));
  }

  private open(): Sample[] {
    return this.health
      .all()
      .map(({ id, open }) => ({ labels: { target: id }, value: open }))
      .filter(({ value }) => value > 0);
  }
}
