import { Module } from '@nestjs/common';
import {
  replaceRecord,
  Clock,
  Config,
  DATABASE,
  type Database,
  LOGGER,
  type Logger,
  ProcessId,
  Redis,
  repository,
} from '@app/shared';
import { LimitRecordRepository } from './domain/store/limit-record.repository.js';
import { LimitSweep } from './domain/store/limit-sweep.js';
import { StoreShares } from './domain/store/store-shares.js';
import { StoreTime } from './domain/store/store-time.js';
import { LimitRecordSqlRepository } from './infrastructure/limit-record.sql.repository.js';

/** Written when the store was away. */
const PROBE = { id: 'probe', version: 0, content: '', expiresAt: 0 };

export const limitRecordRepository = repository(LimitRecordRepository, {
  sql: LimitRecordSqlRepository,
  mongo: async () =>
    (await import('./infrastructure/limit-record.mongo.repository.js')).LimitRecordMongoRepository,
});

/** What limits need of a store that several gateways may share; all null where there is a Redis for that, or only one gateway. */
@Module({
  providers: [
    {
      provide: LimitRecordRepository,
      inject: [DATABASE, Config, Redis],
      useFactory: (database: Database, { store }: Config, redis: Redis | null) =>
        redis || store.kind === 'sqlite' ? null : limitRecordRepository.useFactory(database),
    },
    {
      provide: StoreTime,
      inject: [LimitRecordRepository, DATABASE, Clock, LOGGER],
      useFactory: (records: LimitRecordRepository | null, database: Database, clock: Clock, logger: Logger) =>
        records && openTime(records, database, { clock, logger }),
    },
    {
      provide: StoreShares,
      inject: [LimitRecordRepository, StoreTime, ProcessId, Clock],
      useFactory: (
        records: LimitRecordRepository | null,
        time: StoreTime | null,
        { id: process }: ProcessId,
        clock: Clock,
      ) => records && time && new StoreShares({ process, records, time, clock }),
    },
    {
      provide: LimitSweep,
      inject: [LimitRecordRepository, StoreTime, LOGGER],
      useFactory: (records: LimitRecordRepository | null, time: StoreTime | null, logger: Logger) =>
        records && time && new LimitSweep(records, time, logger),
    },
  ],
  exports: [StoreShares],
})
export class LimitStorageModule {}

async function openTime(
  records: LimitRecordRepository,
  database: Database,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<StoreTime> {
  const store = {
    now: () => database.now(),
    probe: async () => {
      await replaceRecord(records, PROBE.id, () => PROBE);
    },
  };
  const time = new StoreTime(store, clock, logger);
  await time.ask();
  return time;
}
