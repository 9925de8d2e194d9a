import { type Loss, parseExact } from '@app/dialects';
import { eventsIn } from '@app/shared';
import type { CallerReply } from '../caller-reply.js';
import { EVENT_STREAM } from '../vendor-answer.js';
import { type Response, withLosses } from './answer-keeper.js';

type Chunk = Buffer | string;
type Headers = Readonly<Record<string, string | number>>;
type Keep = (response: Response) => Promise<readonly Loss[]>;

/** Where the event may be that holds the whole response once more: what the caller sent may say the same. */
const ENDING = /"type"\s*:\s*"response\.(?:completed|incomplete|failed)"/g;
const ENDINGS: ReadonlySet<unknown> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
]);
const BLANK_LINE = /\r?\n\r?\n/g;
const WARNINGS = 'x-llmhub-warnings';

/**
 * A caller's reply whose answer is kept before its end is sent, so that whoever has it can go on from it at once, at any
 * gateway. What could not be kept is told in the answer itself.
 */
export class KeepingReply implements CallerReply {
  /** Resolves when all of the answer is written. */
  settled: Promise<void> = Promise.resolve();
  private head: { readonly status: number; readonly headers: Headers } | null = null;
  /** What waits behind the last event of a stream; null before that. */
  private waiting: Chunk[] | null = null;
  private ended = false;

  constructor(
    private readonly reply: CallerReply,
    private readonly keep: Keep,
  ) {}

  get headersSent(): boolean {
    return this.head !== null || this.reply.headersSent;
  }

  get destroyed(): boolean {
    return this.reply.destroyed;
  }

  /** That of a whole answer waits for its body. */
  writeHead(status: number, headers: Headers): void {
    if (EVENT_STREAM.test(String(headers['content-type']))) {
      this.reply.writeHead(status, headers);
    } else {
      this.head = { status, headers };
    }
  }

  write(chunk: Chunk): boolean {
    if (this.waiting) {
      this.waiting.push(chunk);
      return true;
    }
    const text = chunk.toString();
    const ending = endingIn(text);
    if (!ending) {
      return this.reply.write(chunk);
    }
    const { start, end } = ending;
    if (start > 0) {
      this.reply.write(text.slice(0, start));
    }
    this.waiting = [text.slice(end)];
    this.settled = this.finishStream(text.slice(start, end), ending);
    return true;
  }

  end(chunk?: Chunk): void {
    if (this.head) {
      this.settled = this.finishWhole(this.head, chunk ?? '');
      return;
    }
    if (chunk !== undefined && chunk.length > 0) {
      this.write(chunk);
    }
    if (this.waiting) {
      this.ended = true;
    } else {
      this.reply.end();
    }
  }

  once(event: 'drain', listener: () => void): void {
    this.reply.once(event, listener);
  }

  private async finishWhole({ status, headers }: NonNullable<typeof this.head>, body: Chunk): Promise<void> {
    const response = objectIn(body.toString());
    const losses = response ? await this.keep(response) : [];
    if (!response || losses.length === 0) {
      this.reply.writeHead(status, headers);
      this.reply.end(body);
      return;
    }
    const told = Buffer.from(JSON.stringify(withLosses(response, losses)));
    const warnings = [headers[WARNINGS], ...losses.map(({ action, field }) => `${action}=${field}`)];
    this.reply.writeHead(status, {
      ...headers,
      [WARNINGS]: warnings.filter(Boolean).join('; '),
      'content-length': told.length,
    });
    this.reply.end(told);
  }

  private async finishStream(event: string, { name, told }: Ending): Promise<void> {
    const response = told['response'] as Response | undefined;
    const losses = response ? await this.keep(response) : [];
    if (response && losses.length > 0) {
      const line = name === undefined ? '' : `event: ${name}\n`;
      const changed = { ...told, response: withLosses(response, losses) };
      this.reply.write(`${line}data: ${JSON.stringify(changed)}\n\n`);
    } else {
      this.reply.write(event);
    }
    const rest = (this.waiting ?? []).filter(chunk => chunk.length > 0);
    rest.forEach(chunk => this.reply.write(chunk));
    this.resume();
  }

  /** From now on everything is written as it comes. */
  private resume(): void {
    this.waiting = null;
    this.write = chunk => this.reply.write(chunk);
    if (this.ended) {
      this.reply.end();
    }
  }
}

/** Null for what a vendor of this dialect sent although it is no JSON object: its caller gets it as it is. */
function objectIn(text: string): Response | null {
  try {
    const value = parseExact(text);
    return typeof value === 'object' ? (value as Response | null) : null;
  } catch {
    return null;
  }
}

/** The last event of a stream, with its place in a text. */
interface Ending {
  readonly start: number;
  readonly end: number;
  /** Of its `event:` line. */
  readonly name: string | undefined;
  readonly told: Response;
}

function endingIn(text: string): Ending | null {
  let read = 0;
  for (const { index } of text.matchAll(ENDING)) {
    if (index >= read) {
      const { start, end } = eventAround(text, index);
      const [event] = eventsIn(text.slice(start, end));
      const told = objectIn(event?.data ?? '');
      if (told && ENDINGS.has(told['type'])) {
        return { start, end, name: event?.type, told };
      }
      read = end;
    }
  }
  return null;
}

/** Where the event begins and ends that holds a position. */
function eventAround(text: string, position: number): { start: number; end: number } {
  const ends = [...text.matchAll(BLANK_LINE)].map(({ 0: blank, index }) => index + blank.length);
  return {
    start: ends.findLast(end => end <= position) ?? 0,
    end: ends.find(end => end > position) ?? text.length,
  };
}
