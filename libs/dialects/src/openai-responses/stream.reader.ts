import { type StreamEvent, tellUsage } from '../domain/answer.js';
import type { StreamReader, Target } from '../domain/dialect.js';
import { findError } from '../openai-chat/embedded-error.js';
import { safeMessage } from '../openai-chat/error.reader.js';
import { isObject, objectAt, objectsAt, textAt, type Wire } from '../domain/wire.js';
import { callsTools, headOf } from './answer.reader.js';
import { readFinish } from './status.js';
import { StreamedItems } from './streamed-items.js';
import { readUsage } from './usage.js';

/**
 * Reads a streamed response. It is complete with `response.completed` or `response.incomplete`; items that only these
 * tell are read from there.
 */
export class ResponsesStreamReader implements StreamReader {
  private started = false;
  private over = false;
  private readonly items: StreamedItems;

  constructor(private readonly target: Target) {
    this.items = new StreamedItems(target);
  }

  read(data: string, type: string | undefined, out: StreamEvent[]): void {
    if (this.over) {
      return;
    }
    if (data === '[DONE]') {
      this.end(out);
      return;
    }
    let event: unknown;
    try {
      event = JSON.parse(data);
    } catch {
      if (data.trim() !== '') {
        this.fail(
          out,
          `The vendor '${this.target.vendor}' sent an event that is not JSON.`,
          'malformed_stream',
        );
      }
      return;
    }
    if (isObject(event)) {
      this.dispatch(textAt(event, 'type') || (type ?? ''), event, out);
    }
  }

  end(out: StreamEvent[]): void {
    if (!this.over) {
      this.fail(
        out,
        `The vendor '${this.target.vendor}' broke off in the middle of its answer.`,
        'upstream_cut',
      );
    }
  }

  private dispatch(type: string, event: Wire, out: StreamEvent[]): void {
    switch (type) {
      case 'response.completed':
      case 'response.incomplete':
        this.finish(objectAt(event, 'response') ?? {}, out);
        break;
      case 'response.failed':
      case 'response.cancelled':
      case 'error':
        this.failed(type, event, out);
        break;
      case 'response.created':
        this.start(event, out);
        break;
      case 'response.queued':
      case 'response.in_progress':
        break;
      default:
        if (!event['type'] && findError(event)) {
          this.failed(type, event, out);
          return;
        }
        this.start({}, out);
        this.items.read(type, event, out);
    }
  }

  private start(event: Wire, out: StreamEvent[]): void {
    if (!this.started) {
      this.started = true;
      out.push({ kind: 'start', ...headOf(objectAt(event, 'response') ?? {}) });
    }
  }

  private finish(response: Wire, out: StreamEvent[]): void {
    this.start({ response }, out);
    const items = objectsAt(response, 'output');
    items.forEach((item, index) => this.items.finish(index, item, out));
    this.items.close(out);
    const usage = readUsage(response);
    if (usage) {
      tellUsage(usage, out);
    }
    const called = this.items.calledTools || callsTools(items);
    out.push({ kind: 'finish', choice: 0, finish: readFinish(response, called) }, { kind: 'end' });
    this.over = true;
  }

  /** The error is in the event, in its `error`, or in that of its response. */
  private failed(type: string, event: Wire, out: StreamEvent[]): void {
    const response = objectAt(event, 'response');
    const error = findError(response ?? event) ?? findError({ error: event });
    const message =
      (error && safeMessage(error)) || `The vendor '${this.target.vendor}' broke off with '${type}'.`;
    this.fail(out, message, error?.code ?? null, error?.status ?? null);
  }

  private fail(out: StreamEvent[], message: string, code: string | null, status: number | null = null): void {
    this.over = true;
    out.push({ kind: 'error', message, code, status });
  }
}
