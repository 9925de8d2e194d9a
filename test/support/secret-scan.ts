import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { pino } from 'pino';
import type { Logger } from '@app/shared';

const ISSUED_KEY = /\b(?:[pa]k_[0-9a-f]{48}|ek_v1\.[\w.-]+)\b/g;
/** Who asks there is given a key. */
const ISSUING = /^\/(?:admin\/|v1\/realtime\/(?:client_secrets|sessions|transcription_sessions))/;
/** `AI_GATEWAY_ADMIN_KEY`, `…_API_KEY`, `…_ENCRYPTION_KEY`, `…_ENCRYPTION_KEYS`; no names of files. */
const SECRET_VARIABLE = /_KEYS?$/;
/** Shorter ones would be found in innocent texts. */
const SHORTEST = 8;

type Environment = Readonly<Record<string, string>>;

/**
 * Reads everything that a gateway says while a test runs: its log, at the finest level, and its answers. No key may
 * occur in it but in the one answer that issues it. The gateways of `test/support` ask it when they stop, so that every
 * suite looks for leaks without knowing it.
 */
export class SecretScan {
  private readonly secrets = new Set<string>();
  private readonly leaks = new Set<string>();
  private log = '';

  constructor(env: Environment) {
    for (const secret of secretsOf(env)) {
      this.keep(secret);
    }
  }

  /** From now on this text must not be seen. */
  keep(secret: string): void {
    if (secret.length >= SHORTEST) {
      this.secrets.add(secret);
    }
  }

  /** Has the log written here. One that a test turned on goes where it went, too. */
  watchLog(logger: Logger): void {
    const streams = logger as unknown as Record<symbol, { write(line: string): void }>;
    const before = logger.level === 'silent' ? null : streams[pino.symbols.streamSym];
    logger.level = 'trace';
    streams[pino.symbols.streamSym] = {
      write: line => {
        this.log += line;
        before?.write(line);
      },
    };
  }

  watchAnswers(server: Server): void {
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      for (const method of ['write', 'end'] as const) {
        const send = response[method].bind(response) as (...input: unknown[]) => unknown;
        Reflect.set(response, method, (...input: unknown[]) => {
          const [chunk] = input;
          if (typeof chunk === 'string' || chunk instanceof Uint8Array) {
            chunks.push(Buffer.from(chunk as Uint8Array));
          }
          return send(...input);
        });
      }
      response.once('close', () => {
        const head = String(Reflect.get(response, '_header'));
        this.readAnswer(request, head + Buffer.concat(chunks).toString('utf8'));
      });
    });
  }

  /** @throws Error naming the places where a secret was seen, and never the secret */
  check(): void {
    this.search(this.log, 'the log');
    if (this.leaks.size > 0) {
      throw new Error(`Secrets were shown:\n- ${[...this.leaks].join('\n- ')}`);
    }
  }

  private readAnswer({ method = '', url = '' }: IncomingMessage, text: string): void {
    const place = `the answer to ${method} ${url.split('?')[0]}`;
    this.search(text, place);
    if (method === 'POST' && ISSUING.test(url)) {
      text.match(ISSUED_KEY)?.forEach(key => this.keep(key));
    }
  }

  /** Looks for everything that is kept. */
  search(text: string, place: string): void {
    for (const secret of this.secrets) {
      const at = text.indexOf(secret);
      if (at >= 0) {
        const around = text.slice(Math.max(0, at - 60), at).replaceAll(/\s+/g, ' ');
        this.leaks.add(`${secret.slice(0, 5)}… in ${place}, behind “${around}”`);
      }
    }
  }
}

/**
 * The same for what a gateway wrote as a process of its own. Its welcome shows new keys; its log must not.
 *
 * @throws Error
 */
export function checkOutput(output: string, env: Environment): void {
  const scan = new SecretScan(env);
  scan.search(output, 'the output');
  output.match(ISSUED_KEY)?.forEach(key => scan.keep(key));
  const log = output.split('\n').filter(line => line.startsWith('{'));
  scan.search(log.join('\n'), 'the log');
  scan.check();
}

function secretsOf(env: Environment): string[] {
  return Object.entries(env)
    .filter(([name]) => SECRET_VARIABLE.test(name))
    .flatMap(([, value]) => value.split(',').map(entry => entry.slice(entry.indexOf(':') + 1)));
}
