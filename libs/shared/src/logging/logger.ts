import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { redact } from './redact.js';

const HEADERS = ['authorization', 'x-api-key', 'x-goog-api-key', 'cookie', 'api-key'];
const FIELDS = ['apiKey', 'api_key', 'adminKey', 'encryptionKey', 'secret', 'password', 'token'];

/** The log: one JSON line per entry on stdout. Keys are masked by field name and, in messages, by their look. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [...FIELDS, ...[...FIELDS, ...HEADERS].flatMap(f => [`*["${f}"]`, `*.*["${f}"]`])],
        censor: '[redacted]',
      },
      serializers: { err: error => redactError(pino.stdSerializers.err(error)) },
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map(a => (typeof a === 'string' ? redact(a) : a)) as typeof args);
        },
      },
    },
    destination,
  );
}

interface SerializedError {
  message: string;
  stack: string;
}

function redactError<E extends SerializedError>(error: E): E {
  return { ...error, message: redact(error.message), stack: redact(error.stack) };
}

/** Nest's own messages through the same log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack: stack && redact(stack) }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }
}

/** Injection token of the process's `Logger`. */
export const LOGGER = Symbol('LOGGER');
export type { Logger };
