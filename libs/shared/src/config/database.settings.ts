import { Transform } from 'class-transformer';
import { IsInt, IsNotEmpty, IsOptional, Matches, Max, Min } from 'class-validator';
import { Setting } from './setting.decorator.js';
import { MAX_TIMER_MS, toInteger } from './config.values.js';

/** As the variables say it; `storeOf` makes one store of it. */
export class DatabaseSettings {
  /** Without it the store lives in the data folder, wherever that is. */
  @Setting(
    'AI_GATEWAY_DATABASE_URL',
    'sqlite:PATH, such as sqlite:./data/gateway.db, or a postgres://, mysql://, mongodb:// or mongodb+srv:// URL whose user and password are percent-encoded',
  )
  @Matches(
    /^(sqlite:.+|(postgres(ql)?|mysql|mariadb|mongodb(\+srv)?):\/\/([^@/?\s]+@)?[^@/?\s]+([/?][^@\s]*)?)$/,
  )
  readonly databaseUrl: string = 'sqlite:./data/gateway.db';

  /** For a connection, and for any question on the path of a call, in ms. */
  @Setting('AI_GATEWAY_DATABASE_POSTGRES_CONNECTION_TIMEOUT_MS', 'a whole number of ms, at least 10')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(10)
  @Max(MAX_TIMER_MS)
  readonly postgresConnectionTimeoutMs: number = 500;

  @Setting('AI_GATEWAY_DATABASE_POSTGRES_MAX_POOL_SIZE', 'a whole number of connections, at least 1')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1)
  readonly postgresMaxPoolSize: number = 20;

  /** For a connection, and for any question on the path of a call, in ms. */
  @Setting('AI_GATEWAY_DATABASE_MYSQL_CONNECTION_TIMEOUT_MS', 'a whole number of ms, at least 10')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(10)
  @Max(MAX_TIMER_MS)
  readonly mysqlConnectionTimeoutMs: number = 500;

  @Setting('AI_GATEWAY_DATABASE_MYSQL_MAX_POOL_SIZE', 'a whole number of connections, at least 1')
  @Transform(({ value }) => toInteger(value))
  @IsInt()
  @Min(1)
  readonly mysqlMaxPoolSize: number = 20;

  @Setting(
    'AI_GATEWAY_DATABASE_MONGODB_URL',
    'a host without a port, or a mongodb:// or mongodb+srv:// URL whose user and password are percent-encoded',
  )
  @IsOptional()
  @Matches(/^([\w.-]+|\[[\da-fA-F:]+\]|mongodb(\+srv)?:\/\/([^@/?\s]+@)?[^@/?\s]+([/?][^@\s]*)?)$/)
  readonly mongodbUrl?: string;

  @Setting('AI_GATEWAY_DATABASE_MONGODB_PORT', 'a port between 1 and 65535')
  @Transform(({ value }) => toInteger(value))
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly mongodbPort?: number;

  @Setting('AI_GATEWAY_DATABASE_MONGODB_USERNAME', 'the name of a user')
  @IsOptional()
  @IsNotEmpty()
  readonly mongodbUsername?: string;

  @Setting('AI_GATEWAY_DATABASE_MONGODB_PASSWORD', 'a password')
  @IsOptional()
  @IsNotEmpty()
  readonly mongodbPassword?: string;

  @Setting('AI_GATEWAY_DATABASE_MONGODB_DATABASE', 'the name of a database: letters, digits, - and _')
  @IsOptional()
  @Matches(/^[\w-]{1,63}$/)
  readonly mongodbDatabase?: string;

  @Setting('AI_GATEWAY_DATABASE_MONGODB_AUTH_SOURCE', 'the name of the database that knows the user')
  @IsOptional()
  @Matches(/^\$?[\w-]{1,63}$/)
  readonly mongodbAuthSource?: string;

  /** For a connection, and for any question on the path of a call, in ms. */
  @Setting('AI_GATEWAY_DATABASE_MONGODB_CONNECTION_TIMEOUT_MS', 'a whole number of ms, at least 10')
  @Transform(({ value }) => toInteger(value))
  @IsOptional()
  @IsInt()
  @Min(10)
  @Max(MAX_TIMER_MS)
  readonly mongodbConnectionTimeoutMs?: number;

  @Setting('AI_GATEWAY_DATABASE_MONGODB_MAX_POOL_SIZE', 'a whole number of connections, at least 1')
  @Transform(({ value }) => toInteger(value))
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly mongodbMaxPoolSize?: number;

  @Setting('AI_GATEWAY_DATABASE_MONGODB_MIN_POOL_SIZE', 'a whole number of connections')
  @Transform(({ value }) => toInteger(value))
  @IsOptional()
  @IsInt()
  @Min(0)
  readonly mongodbMinPoolSize?: number;
}
