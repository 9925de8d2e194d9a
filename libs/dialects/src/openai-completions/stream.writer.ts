import type { StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { StreamMeta, StreamWriter } from '../domain/dialect.js';
import type { Usage } from '../domain/usage.js';
import { secondsOf } from '../openai-chat/answer.writer.js';
import { writeUsage } from '../openai-chat/usage.js';
import { toJson, type Wire } from '../domain/wire.js';
import { completionId } from './answer.writer.js';
import { writeChoice } from './choice.writer.js';

const DONE = 'data: [DONE]\n\n';

/** Writes a streamed legacy completion: texts, then why each choice ended, then usage for a caller that asked. */
export class CompletionStreamWriter implements StreamWriter {
  private head: Readonly<Record<string, unknown>> = {};
  private usage: Usage | null = null;
  /** Members that the next chunk has besides. */
  private unsaid: Wire = {};

  constructor(
    private readonly request: Pick<GenerationRequest, 'streamUsage'>,
    private readonly meta: StreamMeta,
  ) {}

  write(event: StreamEvent): string {
    switch (event.kind) {
      case 'start':
        this.start(event);
        return '';
      case 'text':
      case 'refusal':
        return this.chunk([writeChoice(event.choice, event.text, null, event.logprobs)]);
      case 'finish':
        return this.chunk([writeChoice(event.choice, '', event.finish)]);
      case 'members':
        this.unsaid = { ...this.unsaid, ...event.members };
        return '';
      case 'usage':
        this.usage = event.usage;
        return '';
      case 'end':
        return this.usageChunk() + DONE;
      case 'error':
        return `data: ${toJson({ error: { message: event.message, type: 'upstream_error', param: null, code: event.code } })}\n\n`;
      default:
        return '';
    }
  }

  private start({ id, model, created }: Extract<StreamEvent, { kind: 'start' }>): void {
    this.head = {
      id: completionId(id, this.meta.requestId),
      object: 'text_completion',
      created: created ?? secondsOf(this.meta),
      model: model || this.meta.model,
    };
  }

  private chunk(
    choices: readonly object[],
    more: object = this.request.streamUsage ? { usage: null } : {},
  ): string {
    const { unsaid } = this;
    this.unsaid = {};
    return `data: ${toJson({ ...this.head, choices, ...more, ...unsaid })}\n\n`;
  }

  private usageChunk(): string {
    if (!this.request.streamUsage) {
      return '';
    }
    const { usage } = this;
    const llmhub = this.meta.llmhub(usage);
    return this.chunk([], { usage: usage && writeUsage(usage, llmhub), ...(llmhub && { x_llmhub: llmhub }) });
  }
}
