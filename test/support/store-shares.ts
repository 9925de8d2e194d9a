import { type Clock, createLogger, type Logger } from '@app/shared';
import type { LimitRecordRepository } from '../../libs/limits/src/domain/store/limit-record.repository.js';
import { StoreShares } from '../../libs/limits/src/domain/store/store-shares.js';
import { type AskedStore, StoreTime } from '../../libs/limits/src/domain/store/store-time.js';

/** One gateway of several on a store. */
export interface SharesOf {
  readonly records: LimitRecordRepository;
  /** Its own clock. */
  readonly clock: Clock;
  readonly store: AskedStore;
  readonly process?: string;
  readonly logger?: Logger;
}

/** Its part of limits, when it has asked the store for the time. */
export async function storeShares(of: SharesOf): Promise<{ shares: StoreShares; time: StoreTime }> {
  const { records, clock, store, process = 'one', logger = createLogger('silent') } = of;
  const time = new StoreTime(store, clock, logger);
  await time.ask();
  return { shares: new StoreShares({ process, records, time, clock }), time };
}

/** A store whose clock is that of a test. */
export function askedAt(clock: Clock): AskedStore {
  return { now: async () => clock.now(), probe: async () => undefined };
}
