import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Config } from './config.js';
import { type Environment, readConfig } from './config.reader.js';

const VALIDATED = 'gateway';

/**
 * Provides `Config`. Layers, the later wins: `.env`, `.env.{AI_GATEWAY_ENVIRONMENT}`, the environment. A given `env`
 * stands for all of them (tests).
 */
@Global()
@Module({})
export class GatewayConfigModule {
  static forRoot(env?: Environment): DynamicModule {
    return {
      module: GatewayConfigModule,
      imports: [
        ConfigModule.forRoot({
          envFilePath: [`.env.${environmentName()}`, '.env'],
          ignoreEnvFile: env !== undefined,
          validate: merged => ({ [VALIDATED]: readConfig(env ?? merged) }),
        }),
      ],
      providers: [
        {
          provide: Config,
          inject: [ConfigService],
          useFactory: (service: ConfigService) => service.getOrThrow<Config>(VALIDATED),
        },
      ],
      exports: [Config],
    };
  }
}

function environmentName(): string {
  const name = 'AI_GATEWAY_ENVIRONMENT';
  // oxlint-disable-next-line node/no-process-env -- which file to read must be known before the files are read
  return process.env[name] || baseFile()[name] || 'development';
}

function baseFile(): Environment {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch {
    return {}; // most installations have no .env
  }
}
