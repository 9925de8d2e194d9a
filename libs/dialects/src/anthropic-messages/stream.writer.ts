import type { StreamEvent } from '../domain/answer.js';
import type { StreamMeta, StreamWriter } from '../domain/dialect.js';
import type { Finish } from '../domain/finish-reason.js';
import type { Usage } from '../domain/usage.js';
import { toJson } from '../domain/wire.js';
import { messageHead, unreadableCall } from './answer.writer.js';
import { writeFinish } from './finish-reason.js';
import { StreamedBlocks } from './streamed-blocks.js';
import { writeEvent } from './stream-event.js';
import { NO_USAGE, writeUsage } from './usage.js';

type Content = Extract<StreamEvent, { choice: number }>;

/**
 * Writes a streamed message. Only one content block is open at a time, so while a tool call is being written everything
 * else waits for its end. `message_start` waits for the first content, by when some vendors have told their input tokens.
 */
export class MessagesStreamWriter implements StreamWriter {
  private readonly blocks: StreamedBlocks;
  private head: Extract<StreamEvent, { kind: 'start' }> | null = null;
  private waiting: Content[] = [];
  private usage: Usage | null = null;
  private finish: Finish = { reason: 'stop', native: null };

  constructor(private readonly meta: StreamMeta) {
    this.blocks = new StreamedBlocks(meta.seal);
  }

  write(event: StreamEvent): string {
    switch (event.kind) {
      case 'start':
        this.head = event;
        return '';
      case 'usage':
        this.usage = event.usage;
        return '';
      case 'end':
        return this.start() + this.end();
      case 'error':
        return this.error(event);
      case 'members':
      case 'no-usage':
        return '';
      default:
        // This API gives one answer per request.
        return event.choice === 0 ? this.start() + this.content(event) : '';
    }
  }

  private start(): string {
    if (!this.head) {
      return '';
    }
    const message = {
      ...messageHead(this.head, this.meta),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      usage: writeUsage(this.usage ?? NO_USAGE, null),
    };
    this.head = null;
    return writeEvent('message_start', { message });
  }

  private content(event: Content): string {
    if (!this.blocks.takes(event)) {
      this.waiting.push(event);
      return '';
    }
    if (event.kind === 'finish') {
      this.finish = event.finish;
      return this.blocks.end();
    }
    const text = this.blocks.write(event);
    return event.kind === 'tool-end' ? text + this.letIn() : text;
  }

  /** The open call has ended: what waited for that is written, up to the next call that has not. */
  private letIn(): string {
    const { waiting } = this;
    this.waiting = [];
    return waiting.map(event => this.content(event)).join('');
  }

  /** `llmhub` is asked here, when cost and time are known. */
  private end(): string {
    const { finish, blocks, usage } = this;
    const llmhub = this.meta.llmhub(usage);
    const explained =
      finish.reason === 'malformed-call' && blocks.count === 0
        ? blocks.whole(unreadableCall(finish.detail))
        : '';
    return (
      explained +
      writeEvent('message_delta', {
        delta: writeFinish(finish, blocks.refused),
        usage: writeUsage(usage ?? NO_USAGE, llmhub),
        ...(llmhub && { x_llmhub: llmhub }),
      }) +
      writeEvent('message_stop', {})
    );
  }

  /** Nothing follows, so that no client takes a failure for an end. */
  private error({ message }: Extract<StreamEvent, { kind: 'error' }>): string {
    return `event: error\ndata: ${toJson({ type: 'error', error: { type: 'api_error', message }, request_id: this.meta.requestId })}\n\n`;
  }
}
