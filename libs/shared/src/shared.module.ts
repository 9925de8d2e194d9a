import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { GatewayConfigModule } from './config/config.module.js';
import { Config } from './config/config.js';
import type { Environment } from './config/config.reader.js';
import { makeFolder } from './config/make-folder.js';
import { keyRing } from './crypto/key-ring.js';
import { Secrets } from './crypto/secrets.js';
import { DATABASE, type Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';
import { createLogger, type Logger, LOGGER } from './logging/logger.js';
import { Metrics } from './metrics/metrics.js';
import { ProcessId } from './process/process-id.js';
import { Redis } from './redis/redis.js';
import { Clock } from './time/clock.js';

/** What every feature needs: configuration, log, metrics, secrets, the open store, Redis. The only global module of a lib. */
@Global()
@Module({
  providers: [
    Clock,
    Metrics,
    ProcessId,
    { provide: LOGGER, inject: [Config], useFactory: ({ logLevel }: Config) => createLogger(logLevel) },
    {
      provide: Secrets,
      inject: [Config],
      useFactory: (config: Config) => {
        makeFolder(config.dataDir, 'AI_GATEWAY_DATA_DIR');
        return new Secrets(keyRing(config));
      },
    },
    {
      provide: DATABASE,
      inject: [Config, LOGGER],
      useFactory: ({ store }: Config, logger: Logger) => openDatabase(store, logger),
    },
    {
      provide: Redis,
      inject: [Config, LOGGER],
      useFactory: ({ redis }: Config, logger: Logger) => redis && Redis.open(redis, logger),
    },
  ],
  exports: [Clock, Metrics, ProcessId, LOGGER, Secrets, DATABASE, Redis],
})
export class SharedModule implements OnApplicationShutdown {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(Redis) private readonly redis: Redis | null,
  ) {}

  /** `env` replaces the environment and the `.env` files (tests). */
  static forRoot(env?: Environment): DynamicModule {
    return { module: SharedModule, imports: [GatewayConfigModule.forRoot(env)] };
  }

  /** Last of all: everything that writes has flushed in `beforeApplicationShutdown`. */
  async onApplicationShutdown(): Promise<void> {
    await this.redis?.close();
    await this.database.close();
  }
}
