import { type FactoryProvider, Module } from '@nestjs/common';
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

type OnOutage = Config['limitsOnOutage'];

/** Where the calls of one port may be counted. */
interface Places<Port, Own extends Port> {
  readonly memory: new (clock: Clock) => Own;
  readonly redis: new (redis: Redis, own: Own, onOutage: OnOutage) => Port;
  readonly store: new (shares: StoreShares, own: Own, onOutage: OnOutage) => Port;
}

/** In Redis where there is one, else in the store if gateways may share it, else in memory. */
function counted<Port, Own extends Port>(
  port: abstract new () => Port,
  { memory: Memory, redis: InRedis, store: InStore }: Places<Port, Own>,
): FactoryProvider<Port> {
  return {
    provide: port,
    inject: [Clock, Config, Redis, StoreShares],
    useFactory: (
      clock: Clock,
      { limitsOnOutage }: Config,
      redis: Redis | null,
      shares: StoreShares | null,
    ): Port => {
      const own = new Memory(clock);
      if (redis) {
        return new InRedis(redis, own, limitsOnOutage);
      }
      return shares ? new InStore(shares, own, limitsOnOutage) : own;
    },
  };
}

@Module({
  imports: [LimitStorageModule],
  providers: [
    counted(RequestLimits, {
      memory: MemoryRequestLimits,
      redis: RedisRequestLimits,
      store: StoreRequestLimits,
    }),
    counted(TokenLimits, { memory: MemoryTokenLimits, redis: RedisTokenLimits, store: StoreTokenLimits }),
  ],
  exports: [RequestLimits, TokenLimits],
})
export class LimitsModule {}
