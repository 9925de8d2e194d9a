import type { GatewayError } from '@app/shared';
import type { StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { StreamMeta, StreamWriter } from '../domain/dialect.js';
import type { Finish } from '../domain/finish-reason.js';
import type { Usage } from '../domain/usage.js';
import { secondsOf } from '../openai-chat/answer.writer.js';
import { isObject, toJson, type Wire } from '../domain/wire.js';
import type { Emit } from './emit.js';
import { groupsOf } from './namespaces.js';
import { imageItem, writeAnnotation } from './output.writer.js';
import { echoOf, responseObject, type ResponseHead, ResponseIds } from './response-object.js';
import { failed, IN_PROGRESS, writeStatus } from './status.js';
import { WrittenItems } from './written-items.js';

/** OpenAI's own names of what can go wrong on its side; any other code makes typed clients stumble. */
const SERVER_ERROR = 'server_error';

/**
 * Writes a streamed response: every item is opened, told and closed in OpenAI's order, numbered throughout, and the last
 * event holds the whole of it once more.
 */
export class ResponsesStreamWriter implements StreamWriter {
  private readonly ids: ResponseIds;
  private readonly items: WrittenItems;
  private head: ResponseHead;
  private sequence = 0;
  private usage: Usage | null = null;
  private finish: Finish = { reason: 'stop', native: null };
  private text = '';

  constructor(
    request: Pick<GenerationRequest, 'native' | 'tools'>,
    private readonly meta: StreamMeta,
  ) {
    this.ids = new ResponseIds(meta.requestId);
    this.head = {
      id: this.ids.response,
      created: secondsOf(meta),
      model: meta.model,
      echo: echoOf(request, meta.echo),
    };
    const emit: Emit = (type, fields) => this.emit(type, fields);
    this.items = new WrittenItems(emit, {
      ids: this.ids,
      seal: meta.seal,
      groups: groupsOf(request.tools.list),
    });
  }

  write(event: StreamEvent): string {
    this.text = '';
    if (!('choice' in event) || event.choice === 0) {
      this.tell(event);
    }
    return this.text;
  }

  /** `response.failed` tells what was said so far; the `error` behind it makes OpenAI's SDKs throw. */
  fail({ message, code }: Pick<GatewayError, 'message' | 'code'>): string {
    this.text = '';
    this.items.closeAll('incomplete');
    const status = failed(SERVER_ERROR, message);
    this.emit('response.failed', { response: this.response(status) });
    this.emit('error', { code: code ?? SERVER_ERROR, message, param: null });
    return this.text;
  }

  private tell(event: StreamEvent): void {
    switch (event.kind) {
      case 'start':
        this.start(event);
        break;
      case 'text':
        this.items.message().say('text', event.text, event.logprobs?.content ?? []);
        break;
      case 'refusal':
        this.items.message().say('refusal', event.text, []);
        break;
      case 'reasoning':
        this.items.think(event.block, event.text);
        break;
      case 'signature':
        this.items.sign(event.block, event.signature, event.redacted);
        break;
      case 'tool-start':
        this.items.startTool(event);
        break;
      case 'tool-arguments':
        this.items.addInput(event.tool, event.delta);
        break;
      case 'tool-end':
        this.items.endTool(event.tool);
        break;
      case 'usage':
        this.usage = event.usage;
        break;
      case 'finish':
        this.finish = event.finish;
        break;
      case 'end':
        this.end();
        break;
      case 'error':
        this.text = this.fail(event);
        break;
      case 'members':
      case 'no-usage':
        break;
      default:
        this.tellRest(event);
    }
  }

  private tellRest(event: Extract<StreamEvent, { kind: 'citation' | 'media' | 'native' }>): void {
    if (event.kind === 'citation') {
      this.items.annotate(writeAnnotation(event.citation));
    } else if (event.kind === 'media') {
      const image = imageItem(event.part, this.ids);
      if (image) {
        this.items.whole(image);
      }
    } else if (event.part.dialect === 'openai-responses' && isObject(event.part.value)) {
      this.items.whole(event.part.value);
    }
  }

  private start({ model, created }: Extract<StreamEvent, { kind: 'start' }>): void {
    this.head = {
      ...this.head,
      ...(model && { model }),
      ...(created !== undefined && { created }),
    };
    const response = responseObject(this.head, { status: IN_PROGRESS, output: [], usage: null });
    this.emit('response.created', { response });
    this.emit('response.in_progress', { response });
  }

  private end(): void {
    const status = writeStatus(this.finish, this.items.refused);
    this.items.closeAll(status.status === 'completed' ? 'completed' : 'incomplete');
    this.emit(`response.${status.status}`, { response: this.response(status) });
  }

  private response(status: ReturnType<typeof writeStatus>): Record<string, unknown> {
    const { usage } = this;
    // A failed call is settled already.
    const llmhub = status.status === 'failed' ? null : this.meta.llmhub(usage);
    return {
      ...responseObject(this.head, { status, output: this.items.output, usage, llmhub }),
      completed_at: status.status === 'completed' ? secondsOf(this.meta) : null,
    };
  }

  private emit(type: string, fields: Wire): void {
    this.text += `event: ${type}\ndata: ${toJson({ type, ...fields, sequence_number: this.sequence++ })}\n\n`;
  }
}
