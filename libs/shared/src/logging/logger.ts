import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { redact } from './redact.js';

const HEADERS = ['authorization', 'x-api-key', 'x-goog-api-key', 'cookie', 'api-key'];
const FIELDS = ['apiKey', 'api_key', 'adminKey', 'encryptionKey', 'secret', 'password', 'token'];

/** Bytes that may wait for a slow reader of the log before lines are dropped. */
const MAX_WAITING = 64 * 1024 * 1024;

let stdout: ReturnType<typeof pino.destination> | undefined;

/** Never blocks the event loop, as a write to a full pipe would; what waits is written at the exit. */
function nonBlockingStdout(): DestinationStream {
  if (!stdout) {
    const stream = pino.destination({ dest: 1, sync: false, maxLength: MAX_WAITING });
    process.once('exit', () => stream.flushSync());
    stdout = stream;
  }
  return stdout;
}

/** The log: one JSON line per entry on stdout. Secrets are masked by the name of their field and by their look. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [...FIELDS, ...HEADERS].flatMap(f => [`["${f}"]`, `*["${f}"]`, `*.*["${f}"]`]),
        censor: '[redacted]',
      },
      hooks: { streamWrite: redact }, // the whole line: messages, stacks, causes, fields at any depth
    },
    destination ?? nonBlockingStdout(),
  );
}

/**
 * Many `info` lines at once, in one write and without the search for secrets, which together cost five times the line:
 * for entries of a fixed shape that hold none.
 */
export function logLines(logger: Logger, message: string, entries: readonly object[]): void {
  if (entries.length === 0 || !logger.isLevelEnabled('info')) {
    return;
  }
  const { [pino.symbols.streamSym]: stream } = logger as Logger & {
    [pino.symbols.streamSym]: DestinationStream;
  };
  const head = `{"level":${pino.levels.values['info']},"time":"${new Date().toISOString()}"`;
  const tail = `"msg":${JSON.stringify(message)}}\n`;
  stream.write(entries.map(entry => `${head},${JSON.stringify(entry).slice(1, -1)},${tail}`).join(''));
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
    this.logger.error(
      message instanceof Error ? { context, err: message } : { context, stack },
      String(message),
    );
  }

  debug(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }
}

/** Injection token of the process's `Logger`. */
export const LOGGER = Symbol('LOGGER');
export type { Logger };
