import { Module } from '@nestjs/common';
import { Clock, Config, Redis } from '@app/shared';
import { MemoryRequestLimits } from './domain/memory-request-limits.js';
import { MemoryTokenLimits } from './domain/memory-token-limits.js';
import { RequestLimits } from './domain/request-limits.js';
import { StoreRequestLimits } from './domain/store/store-request-limits.js';
import { StoreShares } from './domain/store/store-shares.js';
import { StoreTokenLimits } from './domain/store/store-token-limits.js';
import { TokenLimits } from './domain/token-limits.js';
import { RedisRequestLimits } from './infrastructure/redis-request-limits.js';
import { RedisTokenLimits } from './infrastructure/redis-token-limits.js';
import { LimitStorageModule } from './limit-storage.module.js';

/** Counted in Redis where there is one, else in the store if gateways may share it, else in memory. */
@Module({
  imports: [LimitStorageModule],
  providers: [
    {
      provide: RequestLimits,
      inject: [Clock, Config, Redis, StoreShares],
      useFactory: (
        clock: Clock,
        { limitsOnOutage }: Config,
        redis: Redis | null,
        shares: StoreShares | null,
      ): RequestLimits => {
        const own = new MemoryRequestLimits(clock);
        if (redis) {
          return new RedisRequestLimits(redis, own, limitsOnOutage);
        }
        return shares ? new StoreRequestLimits(shares, own, limitsOnOutage) : own;
      },
    },
    {
      provide: TokenLimits,
      inject: [Clock, Config, Redis, StoreShares],
      useFactory: (
        clock: Clock,
        { limitsOnOutage }: Config,
        redis: Redis | null,
        shares: StoreShares | null,
      ): TokenLimits => {
        const own = new MemoryTokenLimits(clock);
        if (redis) {
          return new RedisTokenLimits(redis, own, limitsOnOutage);
        }
        return shares ? new StoreTokenLimits(shares, own, limitsOnOutage) : own;
      },
    },
  ],
  exports: [RequestLimits, TokenLimits],
})
export class LimitsModule {}
