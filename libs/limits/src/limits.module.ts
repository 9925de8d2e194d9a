import { Module } from '@nestjs/common';
import { Clock, Config, Redis } from '@app/shared';
import { MemoryRequestLimits } from './domain/memory-request-limits.js';
import { MemoryTokenLimits } from './domain/memory-token-limits.js';
import { RequestLimits } from './domain/request-limits.js';
import { TokenLimits } from './domain/token-limits.js';
import { RedisRequestLimits } from './infrastructure/redis-request-limits.js';
import { RedisTokenLimits } from './infrastructure/redis-token-limits.js';

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
    {
      provide: TokenLimits,
      inject: [Clock, Config, Redis],
      useFactory: (clock: Clock, { limitsOnOutage }: Config, redis: Redis | null): TokenLimits => {
        const own = new MemoryTokenLimits(clock);
        return redis ? new RedisTokenLimits(redis, own, limitsOnOutage) : own;
      },
    },
  ],
  exports: [RequestLimits, TokenLimits],
})
export class LimitsModule {}
