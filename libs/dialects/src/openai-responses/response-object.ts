import { COMPACT_UUID } from '@app/shared';
import type { GenerationRequest } from '../domain/conversation.js';
import type { AnswerMeta } from '../domain/dialect.js';
import type { LlmHub } from '../domain/llmhub.js';
import type { Usage } from '../domain/usage.js';
import { nowSeconds } from '../openai-chat/answer.writer.js';
import type { Wire } from '../domain/wire.js';
import { IN_PROGRESS, type WrittenStatus } from './status.js';
import { writeUsage } from './usage.js';

/** Request fields that a response repeats, and what stands there when the caller said nothing. */
const ECHOED: Wire = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  store: false,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: 'disabled',
  user: null,
};

export interface ResponseHead {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly echo: Wire;
}

export interface ResponseBody {
  readonly status: Omit<WrittenStatus, 'status'> & { readonly status: string };
  readonly output: readonly Wire[];
  readonly usage: Usage | null;
  /** Goes in as `x_llmhub`, and its cost into the usage; absent before the end. */
  readonly llmhub?: LlmHub | null;
  readonly serviceTier?: string;
}

/** The response object, as whole answers and the first and last events of streams hold it. */
export function responseObject(
  head: ResponseHead,
  { status, output, usage, llmhub = null, serviceTier }: ResponseBody,
): Record<string, unknown> {
  return {
    id: head.id,
    object: 'response',
    created_at: head.created,
    model: head.model,
    ...head.echo,
    ...status,
    output,
    usage: usage && writeUsage(usage, llmhub),
    service_tier: serviceTier ?? usage?.serviceTier ?? 'default',
    ...(llmhub && { x_llmhub: llmhub }),
  };
}

/** What the caller asked, repeated as OpenAI does. @param own what the gateway did besides */
export function echoOf(request: Pick<GenerationRequest, 'native'> | undefined, own: Wire = {}): Wire {
  const body = request?.native.body ?? {};
  const echo = Object.entries(ECHOED).map(([field, usual]) => [field, body[field] ?? usual]);
  return { ...Object.fromEntries(echo), ...own };
}

/** A response that is yet to come, for a caller who does not wait. */
export function pendingResponse(
  request: Pick<GenerationRequest, 'native'> | null,
  { requestId, model, echo }: Pick<AnswerMeta, 'requestId' | 'model' | 'echo'>,
): Wire {
  const { response: id } = new ResponseIds(requestId);
  const head = { id, created: nowSeconds(), model, echo: echoOf(request ?? undefined, echo) };
  return responseObject(head, { status: IN_PROGRESS, output: [], usage: null });
}

/** Ids of a response and its items; they begin with the request's id, so that logs and answers can be matched. */
export class ResponseIds {
  private readonly base: string;
  private items = 0;

  constructor(requestId: string) {
    this.base = requestId.replaceAll('-', '');
  }

  get response(): string {
    return `resp_${this.base}`;
  }

  /** Whether a response has such an id, and not one that a vendor gave. */
  static isOwn(response: string): boolean {
    return OWN_RESPONSE.test(response);
  }

  /** The response that an item belongs to; null for an item of a vendor. */
  static responseOf(item: string): string | null {
    const [, base] = OWN_ITEM.exec(item) ?? [];
    return base === undefined ? null : `resp_${base}`;
  }

  /** Of an item that the caller sent. @param index in its list */
  input(prefix: string, index: number): string {
    return `${prefix}_${this.base}in${digits(index)}`;
  }

  next(prefix: 'msg' | 'fc' | 'ctc' | 'rs' | 'ig'): string {
    return `${prefix}_${this.base}${digits(this.items++)}`;
  }
}

const OWN_RESPONSE = new RegExp(`^resp_${COMPACT_UUID}$`);
const OWN_ITEM = new RegExp(`^[a-z]+_(${COMPACT_UUID})(?:in)?\\d{4,}$`);

function digits(index: number): string {
  return String(index).padStart(4, '0');
}
