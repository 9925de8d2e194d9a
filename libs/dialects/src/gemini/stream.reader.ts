import { type StreamEvent, tellUsage } from '../domain/answer.js';
import type { StreamReader, Target } from '../domain/dialect.js';
import { parseExact } from '../domain/exact-json.js';
import type { Finish } from '../domain/finish-reason.js';
import { readHead } from './answer.reader.js';
import { ChoiceReader } from './choice.reader.js';
import { errorFromBody, findError } from './error.reader.js';
import { mapBlock } from './finish-reason.js';
import { readUsage } from './usage.js';
import { readCount } from '../domain/usage.js';
import { isObject, numberOr, recordsOf, type Wire } from '../domain/wire.js';

/** Each event of `:streamGenerateContent?alt=sse` is a whole response with new parts; the body's end is the only end. */
export class GeminiStreamReader implements StreamReader {
  private readonly choices = new Map<number, ChoiceReader>();
  private blocked: Finish | null = null;
  private highestTokens = 0;
  private started = false;
  private done = false;

  constructor(private readonly target: Target) {}

  read(data: string, _type: string | undefined, out: StreamEvent[]): void {
    if (this.done || data === '[DONE]') {
      return;
    }
    let body: unknown;
    try {
      // Only the arguments of calls hold numbers that are not Google's own.
      body = data.includes('"functionCall"') ? parseExact(data) : JSON.parse(data);
    } catch {
      this.fail('sent an event that is no JSON', out);
      return;
    }
    if (findError(body)) {
      this.error(body, out);
    } else if (isObject(body)) {
      this.chunk(body, out);
    }
  }

  end(out: StreamEvent[]): void {
    if (this.done) {
      return;
    }
    if (this.blocked && this.choices.size === 0) {
      this.choices.set(0, new ChoiceReader(0, this.target));
    }
    let whole = this.choices.size > 0;
    for (const choice of this.choices.values()) {
      whole = choice.end(this.blocked, out) && whole;
    }
    if (whole) {
      this.done = true;
      out.push({ kind: 'end' });
    } else {
      this.fail('ended its answer before the finish reason', out);
    }
  }

  private chunk(body: Wire, out: StreamEvent[]): void {
    if (!this.started) {
      this.started = true;
      out.push({ kind: 'start', ...readHead(body) });
    }
    this.blocked ??= mapBlock(body);
    for (const [position, candidate] of recordsOf(body['candidates']).entries()) {
      this.choice(numberOr(candidate['index'], position)).read(candidate, out);
    }
    if (isObject(body['usageMetadata'])) {
      this.usage(body['usageMetadata'], out);
    }
  }

  private choice(index: number): ChoiceReader {
    let choice = this.choices.get(index);
    if (!choice) {
      choice = new ChoiceReader(index, this.target);
      this.choices.set(index, choice);
    }
    return choice;
  }

  /** Snapshots that start anew with each step of a server tool: the last one counts as a whole (PROTOCOLS 1.6). */
  private usage(meta: Wire, out: StreamEvent[]): void {
    this.highestTokens = Math.max(this.highestTokens, readCount(meta['candidatesTokenCount']) || 0);
    let any = false;
    for (const choice of this.choices.values()) {
      any ||= choice.hasOutput;
    }
    const usage = readUsage(meta, { any, tokens: this.highestTokens });
    if (usage) {
      tellUsage(usage, out);
    }
  }

  private error(body: unknown, out: StreamEvent[]): void {
    const { message, code, upstreamStatus: status } = errorFromBody(body, this.target.vendor);
    this.done = true;
    out.push({ kind: 'error', message, code, status });
  }

  private fail(what: string, out: StreamEvent[]): void {
    this.done = true;
    const message = `The vendor '${this.target.vendor}' ${what}.`;
    out.push({ kind: 'error', message, code: 'upstream_error', status: null });
  }
}
