import type { GenerationRequest } from '../domain/conversation.js';
import type { Usage } from '../domain/usage.js';
import type { Wire } from '../openai-chat/wire.js';
import type { WrittenStatus } from './status.js';
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
  readonly serviceTier?: string;
}

/** The response object, as whole answers and the first and last events of streams hold it. */
export function responseObject(
  head: ResponseHead,
  { status, output, usage, serviceTier }: ResponseBody,
): Record<string, unknown> {
  return {
    id: head.id,
    object: 'response',
    created_at: head.created,
    model: head.model,
    ...head.echo,
    ...status,
    output,
    usage: usage && writeUsage(usage),
    service_tier: serviceTier ?? usage?.serviceTier ?? 'default',
  };
}

/** What the caller asked, repeated as OpenAI does. */
export function echoOf(request: Pick<GenerationRequest, 'native'> | undefined): Wire {
  const body = request?.native.body ?? {};
  return Object.fromEntries(Object.entries(ECHOED).map(([field, usual]) => [field, body[field] ?? usual]));
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

  next(prefix: 'msg' | 'fc' | 'ctc' | 'rs' | 'ig'): string {
    return `${prefix}_${this.base}${String(this.items++).padStart(4, '0')}`;
  }
}
