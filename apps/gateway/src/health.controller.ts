import { Controller, Get, Inject } from '@nestjs/common';
import { Access, DATABASE, type Database, GatewayError, Redis } from '@app/shared';
import { Health } from './health.dto.js';
import { Lifecycle } from './lifecycle.js';

/** 503 */
export class NotReadyError extends GatewayError {
  constructor(message: string) {
    super(message, {
      status: 503,
      type: 'service_unavailable_error',
      code: 'not_ready',
      retryAfterMs: 1000,
    });
  }
}

@Access('public')
@Controller('health')
export class HealthController {
  constructor(
    private readonly lifecycle: Lifecycle,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Redis) private readonly redis: Redis | null,
  ) {}

  /** Liveness: the process answers. */
  @Get()
  live(): Health {
    return { status: 'ok' };
  }

  /** Readiness: the store answers, and the gateway is not shutting down. */
  @Get('ready')
  async ready(): Promise<Health> {
    if (this.lifecycle.isDraining) {
      throw new NotReadyError('The gateway is shutting down.');
    }
    try {
      await this.database.ping();
    } catch {
      throw new NotReadyError('The store does not answer.');
    }
    return { status: 'ok', ...(this.redis && { redis: this.redis.isUp ? 'up' : 'down' }) };
  }
}
