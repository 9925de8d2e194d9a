import { Module } from '@nestjs/common';
import { Clock, Config, Redis } from '@app/shared';
import { MemoryRequestLimits } from './domain/memory-request-limits.js';
import { RequestLimits } from './domain/request-limits.js';
import { RedisRequestLimits } from './infrastructure/redis-request-limits.js';

@Module({
  providers: [
    {
      provide: RequestLimits,
      inject: [Clock, Config, Redis],
      useFactory: (clock: Clock, { limitsOnOutage }: Config, redis: Redis | null): RequestLimits => {
        const own = new MemoryRequestLimits(clock);
        return redis ? new RedisRequestLimits(redis, own, limitsOnOutage) : own;
      },
    },
  ],
  exports: [RequestLimits],
})
export class LimitsModule {}
