import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Access, DATABASE, type Database } from '@app/shared';
import { Health } from './health.dto.js';
import { Lifecycle } from './lifecycle.js';

@Access('public')
@Controller('health')
export class HealthController {
  constructor(
    private readonly lifecycle: Lifecycle,
    @Inject(DATABASE) private readonly database: Database,
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
      throw new ServiceUnavailableException('The gateway is shutting down.');
    }
    try {
      await this.database.ping();
    } catch {
      throw new ServiceUnavailableException('The store does not answer.');
    }
    return { status: 'ok' };
  }
}
