import { type StreamEvent, tellUsage } from '../domain/answer.js';
import type { StreamReader, Target } from '../domain/dialect.js';
import { ANSWER_KEYS } from './answer.reader.js';
import { StreamedChoice } from './streamed-choice.js';
import { findError } from './embedded-error.js';
import { safeMessage } from './error.reader.js';
import { isFailure } from './finish-reason.js';
import { readUsage } from './usage.js';
import { isObject, leftover, objectAt, textAt, type Wire } from '../domain/wire.js';

/** Members of chunks that are read, or are the gateway's own. */
const CHUNK_KEYS: ReadonlySet<string> = new Set([...ANSWER_KEYS, 'error', 'x_llmhub']);

/**
 * Reads a streamed chat completion, tolerant of what vendors really send (PROTOCOLS 1.6, 1.12). It is complete when
 * every choice has finished, with or without `[DONE]`; a `[DONE]` alone proves nothing, for proxies add it.
 */
export class ChatStreamReader implements StreamReader {
  private started = false;
  private over = false;
  private serviceTier = '';
  /** Members of chunks before the first one that says something. */
  private early: Wire | undefined;
  private readonly choices: StreamedChoice[] = [];

  constructor(
    private readonly target: Target,
    /** The caller knows what only this dialect understands. */
    private readonly tellsAll = false,
  ) {}

  read(data: string, type: string | undefined, out: StreamEvent[]): void {
    if (this.over) {
      return;
    }
    if (data === '[DONE]') {
      this.end(out);
      return;
    }
    let chunk: unknown;
    try {
      chunk = JSON.parse(data);
    } catch {
      if (data.trim() !== '') {
        this.fail(
          out,
          `The vendor '${this.target.vendor}' sent a chunk that is not JSON.`,
          'malformed_stream',
        );
      }
      return;
    }
    this.readChunk(chunk, type, out);
  }

  end(out: StreamEvent[]): void {
    if (this.over) {
      return;
    }
    if (this.choices.length === 0 || !this.choices.every(choice => choice.finished)) {
      this.fail(
        out,
        `The vendor '${this.target.vendor}' broke off in the middle of its answer.`,
        'upstream_cut',
      );
      return;
    }
    this.over = true;
    out.push({ kind: 'end' });
  }

  private readChunk(chunk: unknown, type: string | undefined, out: StreamEvent[]): void {
    const error = findError(chunk) ?? (type === 'error' ? findError({ error: chunk }) : null);
    if (error) {
      this.over = true;
      const message = safeMessage(error) || `The vendor '${this.target.vendor}' reported an error.`;
      out.push({ kind: 'error', message, code: error.code, status: error.status });
      return;
    }
    if (!isObject(chunk)) {
      return;
    }
    const { id, choices } = chunk;
    // Azure's first chunk has neither id nor choices: it starts nothing.
    if ((typeof id === 'string' && id !== '') || (Array.isArray(choices) && choices.length > 0)) {
      this.start(chunk, out);
    }
    if (this.tellsAll) {
      this.tellMembers(chunk, out);
    }
    if (Array.isArray(choices)) {
      for (const choice of choices) {
        if (isObject(choice) && !this.over) {
          this.readChoice(choice, out);
        }
      }
    }
    if (!this.over) {
      this.readUsage(chunk, out);
    }
  }

  private start(chunk: Wire, out: StreamEvent[]): void {
    if (this.started) {
      return;
    }
    this.started = true;
    const { created } = chunk;
    out.push({
      kind: 'start',
      id: textAt(chunk, 'id'),
      model: textAt(chunk, 'model'),
      ...(typeof created === 'number' && { created }),
    });
  }

  private tellMembers(chunk: Wire, out: StreamEvent[]): void {
    const members = leftover(chunk, CHUNK_KEYS);
    const untold = this.early ? { ...this.early, ...members } : members;
    this.early = this.started ? undefined : untold;
    if (this.started && untold) {
      out.push({ kind: 'members', members: untold });
    }
  }

  private readChoice(wire: Wire, out: StreamEvent[]): void {
    const index = typeof wire['index'] === 'number' ? wire['index'] : 0;
    const reason = wire['finish_reason'];
    const error = wire['error'] ? findError(wire) : null;
    if (error || isFailure(reason)) {
      this.fail(
        out,
        (error && safeMessage(error)) || `The vendor broke off with '${String(reason)}'.`,
        error?.code,
      );
      return;
    }
    let choice = this.choices.find(known => known.index === index);
    if (!choice) {
      choice = new StreamedChoice(index, this.target, this.tellsAll);
      this.choices.push(choice);
    }
    choice.read(wire, out);
  }

  private readUsage(chunk: Wire, out: StreamEvent[]): void {
    this.serviceTier = textAt(chunk, 'service_tier') || this.serviceTier;
    const wire = chunk['usage'] ?? objectAt(chunk, 'x_groq')?.['usage'];
    const usage = wire ? readUsage(wire, this.target.quirks.reasoningOutsideCompletion) : null;
    if (usage) {
      this.start(chunk, out);
      tellUsage(this.serviceTier ? { ...usage, serviceTier: this.serviceTier } : usage, out);
    }
  }

  private fail(out: StreamEvent[], message: string, code: string | null = null): void {
    this.over = true;
    out.push({ kind: 'error', message, code, status: null });
  }
}
