import type { JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText } from '../json.js';
import type { Refusal } from '../refusal.js';
import { errorBody } from './errors.js';
import { words } from '../words.js';

/** What a vendor that took over OpenAI's format does otherwise. */
export interface Accent {
  /** Arguments it answers an error to. */
  readonly refused?: readonly string[];
  /** All that it knows: any other argument is refused. */
  readonly known?: ReadonlySet<string>;
  /** Members of messages it answers an error to. */
  readonly refusedInMessages?: readonly string[];
  /** Kinds of content parts that a user may send. */
  readonly parts: readonly string[];
  readonly refusesDeveloper?: boolean;
  readonly refusesSchemas?: boolean;
  /** What ids of tool calls look like, its own and those that come back. */
  readonly callId?: { readonly pattern: RegExp; readonly of: (id: string) => string };
  /** Where it shows reasoning; `thinking` is a part of the content. */
  readonly reasoning: 'reasoning_content' | 'reasoning' | 'thinking';
  /** A turn that called tools must come back with its reasoning. */
  readonly wantsReasoningBack?: boolean;
  /** It streams a tool call in one piece. */
  readonly wholeCalls?: boolean;
  /** Where the usage of a stream stands: in a chunk of its own when asked for, always so, or in the chunk that finishes. */
  readonly streamedUsage?: 'always' | 'in-finish' | 'x_groq';
  readonly leavesOutFinish?: boolean;
  readonly usage?: (usage: JsonObject) => JsonObject;
  readonly errorBody?: (refusal: Refusal) => unknown;
  /** Before the error event of a stream. */
  readonly errorEvent?: string;
}

/** https://docs.mistral.ai/api/ */
const MISTRAL_KNOWS = words(
  `frequency_penalty guardrails max_tokens messages metadata model n parallel_tool_calls prediction presence_penalty
  prompt_mode random_seed reasoning_effort response_format safe_prompt stop stream temperature tool_choice tools
  top_p`,
);

/** By the name that a path begins with. Whoever is not here speaks as OpenAI does. */
export const ACCENTS: Readonly<Record<string, Accent>> = {
  // https://console.groq.com/docs/openai, https://console.groq.com/docs/reasoning
  groq: {
    refused: ['logprobs', 'top_logprobs', 'logit_bias', 'store', 'verbosity'],
    refusedInMessages: ['name', 'reasoning_content', 'refusal', 'annotations'],
    parts: ['text', 'image_url'],
    reasoning: 'reasoning',
    wholeCalls: true,
    streamedUsage: 'x_groq',
    errorEvent: 'event: error\n',
  },
  // https://api-docs.deepseek.com/api/create-chat-completion, https://api-docs.deepseek.com/guides/thinking_mode
  deepseek: {
    refused: ['n', 'parallel_tool_calls', 'seed', 'logit_bias'],
    parts: ['text'],
    refusesDeveloper: true,
    refusesSchemas: true,
    reasoning: 'reasoning_content',
    wantsReasoningBack: true,
    usage: usage => {
      const prompt = asNumber(usage.prompt_tokens) ?? 0;
      const hit = asNumber(asObject(usage.prompt_tokens_details).cached_tokens) ?? 0;
      return { ...usage, prompt_cache_hit_tokens: hit, prompt_cache_miss_tokens: prompt - hit };
    },
  },
  // https://docs.x.ai/docs/guides/reasoning, https://docs.x.ai/docs/api-reference
  xai: {
    refused: ['stop', 'presence_penalty', 'frequency_penalty', 'logit_bias'],
    parts: ['text', 'image_url'],
    reasoning: 'reasoning_content',
    wholeCalls: true,
    streamedUsage: 'always',
    leavesOutFinish: true,
    usage: usage => {
      const reasoning = asNumber(asObject(usage.completion_tokens_details).reasoning_tokens) ?? 0;
      return { ...usage, completion_tokens: (asNumber(usage.completion_tokens) ?? 0) - reasoning };
    },
    errorBody: ({ status, message }) => ({ code: XAI_CODES[status] ?? 'Internal error', error: message }),
  },
  mistral: {
    known: MISTRAL_KNOWS,
    refusedInMessages: ['name', 'reasoning_content', 'refusal', 'annotations'],
    parts: ['text', 'image_url', 'document_url', 'input_audio'],
    refusesDeveloper: true,
    callId: {
      pattern: /^[a-zA-Z0-9]{9}$/,
      of: id => id.replaceAll(/\D/g, '').padStart(9, '0').slice(-9),
    },
    reasoning: 'thinking',
    wholeCalls: true,
    streamedUsage: 'in-finish',
    usage: usage => ({ ...usage, completion_tokens_details: undefined }),
    errorBody: ({ status, message, details }) => ({
      object: 'error',
      message: status === 422 ? { detail: [{ msg: message, loc: ['body', details.param ?? ''] }] } : message,
      type: details.type ?? 'invalid_request_error',
      param: null,
      code: details.code ?? null,
      raw_status_code: status,
    }),
  },
};

const XAI_CODES: Readonly<Record<number, string>> = {
  400: 'Client specified an invalid argument',
  401: 'The caller does not have permission to execute the specified operation',
  404: 'Some requested entity was not found',
  429: 'Some resource has been exhausted',
  503: 'The service is currently unavailable',
};

export function errorBodyOf({ errorBody: own = errorBody }: Accent, refusal: Refusal): unknown {
  return own(refusal);
}

/** A request in OpenAI's words, for what it shares with the others. */
export function understand(body: JsonObject): JsonObject {
  const { random_seed, tool_choice, ...rest } = body;
  return {
    ...rest,
    ...(random_seed !== undefined && { seed: random_seed }),
    ...(tool_choice !== undefined && { tool_choice: tool_choice === 'any' ? 'required' : tool_choice }),
    messages: asList(body.messages).map(message => {
      const { content, ...others } = asObject(message);
      return Array.isArray(content)
        ? { ...others, content: understandParts(content.map(asObject)) }
        : message;
    }),
  };
}

function understandParts(parts: readonly JsonObject[]): readonly JsonObject[] | null {
  const understood = parts.flatMap((part): readonly JsonObject[] => {
    switch (part.type) {
      case 'thinking':
        return [];
      case 'document_url': {
        const file = {
          file_data: asText(part.document_url),
          filename: asText(part.document_name) || 'document',
        };
        return [{ type: 'file', file }];
      }
      default:
        return [part];
    }
  });
  return understood.length > 0 ? understood : null;
}
