import type { Logprobs, StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { StreamMeta, StreamWriter } from '../domain/dialect.js';
import type { MediaPart, NativePart } from '../domain/part.js';
import type { Usage } from '../domain/usage.js';
import { sealedCall, writeCitation, writeImage } from './answer-message.writer.js';
import { answerId, secondsOf } from './answer.writer.js';
import { writeFinish } from './finish-reason.js';
import { isLegacyCallId } from './legacy-functions.js';
import { sealedDetail } from './reasoning-details.js';
import { toJson, type Wire } from '../domain/wire.js';
import { writeUsage } from './usage.js';

type Event<Kind extends StreamEvent['kind']> = Extract<StreamEvent, { kind: Kind }>;

interface WrittenChoice {
  /** Wire text of a chunk up to its delta. */
  readonly head: string;
  readonly annotations: Wire[];
  /** Tools of free text, by number. */
  readonly custom: Set<number>;
  legacy: boolean;
  block: number;
  blockText: string;
}

const CHUNK_END = ',"logprobs":null,"finish_reason":null}]';
const CHUNK_CLOSE = '}\n\n';
const DONE = 'data: [DONE]\n\n';

/** Writes a streamed chat completion: what is the same in every chunk is made once. */
export class ChatStreamWriter implements StreamWriter {
  private envelope = '';
  /** Closes a chunk; callers that asked for usage see `"usage":null` until it comes, as at OpenAI. */
  private readonly tail: string;
  private readonly choices: WrittenChoice[] = [];
  private usage: Usage | null = null;
  /** Members that the next chunk has besides. */
  private unsaid: Wire | null = null;

  constructor(
    private readonly request: Pick<GenerationRequest, 'streamUsage' | 'native'>,
    private readonly meta: StreamMeta,
  ) {
    this.tail = request.streamUsage ? ',"usage":null}\n\n' : '}\n\n';
  }

  write(event: StreamEvent): string {
    const text = this.chunksOf(event);
    return this.unsaid === null || text === '' || event.kind === 'error' ? text : this.withUnsaid(text);
  }

  private chunksOf(event: StreamEvent): string {
    switch (event.kind) {
      case 'start':
        return this.start(event);
      case 'text':
        return this.said(event.choice, 'content', event.text, event.logprobs);
      case 'refusal':
        return this.said(event.choice, 'refusal', event.text, event.logprobs);
      case 'reasoning':
        return this.reasoning(event);
      case 'signature':
        return this.signature(event);
      case 'tool-start':
        return this.toolStart(event);
      case 'tool-arguments':
        return this.toolArguments(event);
      case 'citation':
        return this.citation(event);
      case 'media':
        return this.media(event.choice, event.part);
      case 'native':
        return this.native(event.choice, event.part);
      case 'finish':
        return this.finish(event);
      case 'members':
        this.unsaid = { ...this.unsaid, ...event.members };
        return '';
      case 'usage':
        this.usage = event.usage;
        return '';
      case 'end':
        return this.usageChunk() + DONE;
      case 'error':
        return this.error(event);
      default:
        return '';
    }
  }

  /** `[DONE]` has no room for any. */
  private withUnsaid(text: string): string {
    const at = text.lastIndexOf(CHUNK_CLOSE);
    if (at < 0) {
      return text;
    }
    const members = toJson(this.unsaid).slice(1, -1);
    this.unsaid = null;
    return `${text.slice(0, at)},${members}${text.slice(at)}`;
  }

  private start({ id, model, created }: Event<'start'>): string {
    const head = toJson({
      id: answerId(id, this.meta.requestId),
      object: 'chat.completion.chunk',
      created: created ?? secondsOf(this.meta),
      model: model || this.meta.model,
    });
    this.envelope = `data: ${head.slice(0, -1)},"choices":[`;
    return this.role(0);
  }

  /** The first chunk of a choice, before anything else of it; nothing later. */
  private role(choice: number): string {
    if (this.choices[choice]) {
      return '';
    }
    const head = `${this.envelope}{"index":${choice},"delta":`;
    this.choices[choice] = {
      head,
      annotations: [],
      custom: new Set(),
      legacy: this.request.native.spelling?.['tools'] === 'functions',
      block: -1,
      blockText: '',
    };
    return `${head}{"role":"assistant","content":"","refusal":null}${CHUNK_END}${this.tail}`;
  }

  private choice(index: number): WrittenChoice {
    const choice = this.choices[index];
    if (!choice) {
      throw new Error(`Choice ${index} has not started.`);
    }
    return choice;
  }

  private delta(choice: number, delta: string): string {
    const first = this.role(choice);
    return `${first}${this.choice(choice).head}${delta}${CHUNK_END}${this.tail}`;
  }

  private said(choice: number, field: string, text: string, logprobs: Logprobs | undefined): string {
    if (!logprobs) {
      return this.delta(choice, `{"${field}":${toJson(text)}}`);
    }
    const first = this.role(choice);
    const { head } = this.choice(choice);
    return `${first}${head}{"${field}":${toJson(text)}},"logprobs":${toJson(logprobs)},"finish_reason":null}]${this.tail}`;
  }

  private reasoning({ choice, block, text }: Event<'reasoning'>): string {
    const out = this.delta(choice, `{"reasoning_content":${toJson(text)}}`);
    const state = this.choice(choice);
    state.blockText = state.block === block ? state.blockText + text : text;
    state.block = block;
    return out;
  }

  /** One detail holds the whole block, so that clients which keep the last one or add them up both have it. */
  private signature({ choice, block, signature, redacted }: Event<'signature'>): string {
    const first = this.role(choice);
    const state = this.choice(choice);
    const text = state.block === block ? state.blockText : '';
    state.blockText = '';
    const detail = sealedDetail({ text, redacted }, this.meta.seal.seal(signature), block);
    return first + this.delta(choice, toJson({ reasoning_details: [detail] }));
  }

  private toolStart({ choice, tool, id, name, custom, signature }: Event<'tool-start'>): string {
    const first = this.role(choice);
    const state = this.choice(choice);
    state.legacy ||= isLegacyCallId(id);
    if (custom) {
      state.custom.add(tool);
    }
    if (state.legacy) {
      return (
        first + (tool === 0 ? this.delta(choice, toJson({ function_call: { name, arguments: '' } })) : '')
      );
    }
    const call = {
      index: tool,
      id,
      ...(custom
        ? { type: 'custom', custom: { name, input: '' } }
        : { type: 'function', function: { name, arguments: '' } }),
      ...(signature && sealedCall(this.meta.seal.seal(signature))),
    };
    return first + this.delta(choice, toJson({ tool_calls: [call] }));
  }

  private toolArguments({ choice, tool, delta }: Event<'tool-arguments'>): string {
    const { legacy, custom } = this.choice(choice);
    if (legacy) {
      return tool === 0 ? this.delta(choice, `{"function_call":{"arguments":${toJson(delta)}}}`) : '';
    }
    const inner = custom.has(tool)
      ? `"custom":{"input":${toJson(delta)}}`
      : `"function":{"arguments":${toJson(delta)}}`;
    return this.delta(choice, `{"tool_calls":[{"index":${tool},${inner}}]}`);
  }

  /** Citations wait for the last chunk of their choice. */
  private citation({ choice, citation }: Event<'citation'>): string {
    const first = this.role(choice);
    this.choice(choice).annotations.push(writeCitation(citation, 0));
    return first;
  }

  private media(choice: number, part: MediaPart): string {
    return part.media === 'image' ? this.delta(choice, toJson({ images: [writeImage(part)] })) : '';
  }

  /** Members of a choice and its delta that have no place but in their own dialect, such as what is spoken. */
  private native(choice: number, { dialect, value }: NativePart): string {
    if (dialect !== 'openai-chat') {
      return '';
    }
    const { delta = {}, ...rest } = value as Wire;
    const first = this.role(choice);
    const members = toJson({ logprobs: null, finish_reason: null, ...rest }).slice(1);
    return `${first}${this.choice(choice).head}${toJson(delta)},${members}]${this.tail}`;
  }

  private finish({ choice, finish }: Event<'finish'>): string {
    const first = this.role(choice);
    const { head, annotations, legacy } = this.choice(choice);
    const delta = annotations.length > 0 ? toJson({ annotations }) : '{}';
    const reason = toJson(writeFinish(finish, legacy)).slice(1);
    return `${first}${head}${delta},"logprobs":null,${reason}]${this.tail}`;
  }

  /** Only for a caller that asked. `llmhub` is asked here, when cost and time are known. */
  private usageChunk(): string {
    if (!this.request.streamUsage) {
      return '';
    }
    const { usage } = this;
    const llmhub = this.meta.llmhub(usage);
    if (!usage && !llmhub) {
      return '';
    }
    const rest = toJson({
      ...(usage?.serviceTier && { service_tier: usage.serviceTier }),
      usage: usage && writeUsage(usage, llmhub),
      ...(llmhub && { x_llmhub: llmhub }),
    }).slice(1);
    return `${this.envelope}],${rest}\n\n`;
  }

  /** No `[DONE]` follows, so that no client takes a failure for an end. */
  private error({ message, code }: Event<'error'>): string {
    return `data: ${toJson({ error: { message, type: 'upstream_error', param: null, code } })}\n\n`;
  }
}
