import type { GatewayError, SseEvent, UpstreamError } from '@app/shared';
import type { Answer, AnswerSummary, StreamEvent } from './answer.js';
import type { GenerationRequest } from './conversation.js';
import type { FieldNames } from './field-names.js';
import type { LlmHub } from './llmhub.js';
import type { ImageAnswer, ImageRequest } from './images.js';
import type { Losses } from './losses.js';
import type { ModelListing } from './model-list.js';
import type { DialectId, Signature } from './part.js';
import type { Usage } from './usage.js';
import type { Wire } from './wire.js';

/** Which model of which vendor a request is written for, and whose answer is read. */
export interface Target {
  /** Vendor id, e.g. `anthropic`. */
  readonly vendor: string;
  /** The vendor's own model name, without our `vendor/` prefix. */
  readonly model: string;
  readonly traits: ModelTraits;
  /** What this vendor does differently from the others of its dialect. */
  readonly quirks: Quirks;
}

/** What is known of a model besides its price. Absent = not known: the field is sent and the vendor decides. */
export interface ModelTraits {
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** False: `temperature`, `top_p`, `top_k` are refused by this model. */
  readonly sampling?: boolean;
  /** How the model is told to reason: `effort` words, thinking `adaptive` + effort, token `budget`, Gemini `level`. */
  readonly reasoning?: 'none' | 'effort' | 'adaptive' | 'budget' | 'level';
  /** How it is kept from reasoning, `never`: not at all; absent: as its family is. */
  readonly reasoningOff?: 'between_tools' | 'never';
  readonly images?: boolean;
  readonly documents?: boolean;
  readonly audioInput?: boolean;
  /** What it answers with: `text`, `audio`, `image`. */
  readonly output?: string[];
  readonly tools?: boolean;
  /** False: a choice of tools that leaves it no choice is refused by this model. */
  readonly forcedTools?: boolean;
  /** Several tool calls in one turn; false: `parallel_tool_calls` may be refused, whatever it says. */
  readonly parallelTools?: boolean;
  /** JSON Schema output. */
  readonly structuredOutput?: boolean;
  /** Goes on from where a last turn of the assistant ends; absent: as its vendor's models do. */
  readonly prefill?: boolean;
  /**
   * It has sessions, in which it hears and speaks itself, and knows no other calls; false: it neither has sessions nor
   * converses, but makes vectors, pictures or voices, ranks, judges, or writes down what is said.
   */
  readonly talks?: boolean;
  /** A system message in mid-conversation keeps its place. */
  readonly lateSystem?: boolean;
}

/** Differences of one vendor from its dialect; data, so that a vendor needs no code. */
export interface Quirks {
  /**
   * What the vendor refuses: dropped with a warning, or refused where the answer would be another. Names of request
   * fields; in chat also `developer` (the role becomes `system`), `json_schema` (the response format), `messages.name`,
   * `messages.refusal` (it becomes text), `messages.annotations`, `reasoning_content` (reasoning that comes back) and
   * `prompt_cache_breakpoint`.
   */
  readonly unsupported?: readonly string[];
  /** Fields that have another name here, e.g. `seed` as `random_seed` (Mistral). */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Name of the output limit where it is not `max_completion_tokens`. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** Reasoning tokens come outside `completion_tokens` (xAI). */
  readonly reasoningOutsideCompletion?: boolean;
  /** Tool call ids must be this many letters or digits (Mistral: 9); others are replaced within the request. */
  readonly callIdLength?: number;
  /** Takes tools whose input is free text (`custom`); elsewhere they become functions with one string `input`. */
  readonly customTools?: boolean;
  /** The word for "call some tool" where it is not `required` (Mistral). */
  readonly requiredToolChoice?: 'any';
  /**
   * Where reasoning of earlier turns goes when not into `reasoning_content`: into `reasoning` (Groq, Cerebras), or into
   * the content as parts of the type `thinking` (Mistral).
   */
  readonly reasoningIn?: 'reasoning' | 'thinking';
  /** Answers may begin with their reasoning between `<think>` and `</think>`. */
  readonly thinkTags?: boolean;
  /** Documents are parts of the type `document_url`, the URL a string, and not `file` (Mistral). */
  readonly documentUrl?: boolean;
  /** Its models go on from where a last turn of the assistant ends, `marked`: if that turn says `prefix` (Mistral). */
  readonly prefill?: 'plain' | 'marked';
  /** Cache marks are `cache_control` on parts and tools, as at Anthropic (OpenRouter). */
  readonly cacheControl?: boolean;
  /** `prompt_cache_key` says which calls are to reach the same cache (OpenAI). */
  readonly promptCacheKey?: boolean;
  /** Of OpenAI's realtime protocol. */
  readonly sessions?: {
    /** The model that writes down what the caller says, where it is none of OpenAI's. */
    readonly transcriber: string;
    /** `turn_detection` stands beside `audio`, and is never null: its `type` is (xAI). */
    readonly detectionBesideAudio: boolean;
  };
}

/** Seals signatures for callers, so that they come back untampered; opens what came back. */
export interface SignatureSeal {
  seal(signature: Signature): string;
  /** Null when the text was not sealed by this gateway, or was altered. */
  open(sealed: string): Signature | null;
}

/** What the gateway adds to an answer for its caller. */
export interface AnswerMeta {
  readonly requestId: string;
  /** The model name as the caller asked it. */
  readonly model: string;
  readonly seal: SignatureSeal;
  /** Goes into the body as `x_llmhub`; null when the project turned that off. */
  readonly llmhub: LlmHub | null;
  /** When the answer was given, in unix seconds; absent: it is given now. */
  readonly givenAt?: number | undefined;
  /** The caller asked with `functions`, chat's form before `tools`: its calls come back as `function_call`. */
  readonly legacyFunctions?: boolean;
  /** What was asked, for dialects whose answers repeat it. */
  readonly request?: GenerationRequest;
  /** What such an answer repeats besides, or otherwise: the gateway did it in the vendor's place. */
  readonly echo?: Wire | undefined;
}

/** Reads one streamed answer. Feed it every SSE event in order; it appends canonical events to `out`. */
export interface StreamReader {
  /** `data` of one SSE event (lines joined by \n); `type` its `event:` line, if any. */
  read(data: string, type: string | undefined, out: StreamEvent[]): void;
  /** The body ended. Appends an `error` when the terminal event was missing, else nothing or `end`. */
  end(out: StreamEvent[]): void;
}

/** Writes one streamed answer. Each call gives the wire text for one event, `''` when the dialect says nothing. */
export interface StreamWriter {
  write(event: StreamEvent): string;
  /** A failure after the first byte, where the dialect's last event tells what was said so far. */
  fail?(error: GatewayError): string;
}

/** The side that faces vendors. Pure functions; no network. */
export interface VendorDialect {
  readonly id: DialectId;
  /** Path and query below the vendor's base URL. */
  path(model: string, stream: boolean): string;
  /** Headers that the dialect itself demands (API version); credentials are the vendor's business. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that depend on the written body; they rule over `headers`. */
  requestHeaders?(body: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>;
  /** Members that every body has at a vendor, also one that passes as its caller wrote it; undefined: that none has. */
  readonly bodyMembers?: Readonly<Record<string, string | undefined>>;
  /** Of a body: where the service tier is named (`flex`); absent where there is none for less. */
  readonly tierMember?: string;
  /** The request as a JSON body. What cannot be said goes to `losses`; nothing vanishes silently. */
  writeRequest(request: GenerationRequest, target: Target, losses: Losses): Record<string, unknown>;
  /** @throws UpstreamError when a body with status 200 is an error or not an answer at all */
  readAnswer(body: unknown, target: Target): Answer;
  /** The same answer, of which only the ledger's part is wanted because its bytes pass as they are. @throws likewise */
  readSummary(body: unknown, target: Target): AnswerSummary;
  /** @param spoken what the caller speaks: of its own dialect it is told what no other understands */
  streamReader(target: Target, spoken?: DialectId): StreamReader;
  /** The bytes of a stream (as latin1) have it as soon as something was said; what only opens a stream has it not. */
  readonly token: RegExp;
  readonly models: ModelListing;
  /** Where the vendor counts the tokens of a request, if it does. */
  readonly tokenCount?: TokenCount;
  /** Where the vendor makes a long conversation short, below its base URL, if it does. */
  readonly compactionPath?: string;
  /** For vendors that make pictures without OpenAI's image endpoints. */
  readonly images?: ImageDialect;
  /** Error of the vendor from status, headers (lower case) and body text, which may be HTML, empty or cut. */
  readError(failure: VendorFailure): UpstreamError;
}

/** An endpoint that counts the tokens of a request instead of answering it. */
export interface TokenCount {
  /** Below the vendor's base URL. */
  path(model: string): string;
  /** Members of a written request that it refuses. */
  readonly refused: ReadonlySet<string>;
  /** What is sent there, where it is not the request itself. */
  body?(request: Wire, model: string): Wire;
}

/** How a vendor without OpenAI's image endpoints makes pictures. Pure functions; no network. */
export interface ImageDialect {
  /** Path below the vendor's base URL. */
  path(model: string): string;
  /** What cannot be said goes to `losses`. */
  writeRequest(request: ImageRequest, target: Target, losses: Losses): Record<string, unknown>;
  /** @throws UpstreamError when the body is an error, or none of an answer */
  readAnswer(body: unknown, target: Target): ImageAnswer;
}

export interface VendorFailure {
  readonly vendor: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** The answer to a caller who has tokens counted. */
export interface ToldCount {
  /** The member that holds the number. */
  readonly field: string;
  write(inputTokens: number): Record<string, unknown>;
  /** It has room for `x_llmhub`. */
  readonly annotated: boolean;
}

/** The side that faces callers. Pure functions; no network. */
export interface ClientDialect {
  readonly id: DialectId;
  /** How bytes pass to a vendor of the same dialect. */
  readonly passage: Passage;
  /** Where its SDKs look for the request id, if not in `x-request-id`; answers carry both. */
  readonly requestIdHeader?: string;
  /** What its callers call the fields that writers report lost. */
  readonly fieldNames: FieldNames;
  /** HTTP status of an error, where this API has one of its own. */
  statusOf?(error: GatewayError): number;
  /** @throws InvalidRequestError (400) naming the bad field as the caller spells it */
  readRequest(body: unknown, seal: SignatureSeal): GenerationRequest;
  writeAnswer(answer: Answer, meta: AnswerMeta): Record<string, unknown>;
  /** `llmhub` is asked once, when the usage chunk is written: by then cost and time are known. */
  streamWriter(request: GenerationRequest, meta: StreamMeta): StreamWriter;
  writeError(error: GatewayError, requestId: string): Record<string, unknown>;
  /** A failure after the first byte: wire text that ends the stream so that no client takes it for success. */
  writeStreamError(error: GatewayError, requestId: string): string;
}

export interface StreamMeta extends Omit<AnswerMeta, 'llmhub'> {
  llmhub(usage: Usage | null): LlmHub | null;
}

/**
 * How a call goes by as bytes when caller and vendor both speak this dialect: unknown fields, big numbers and the order
 * of members stay as they came. Pure functions; no network.
 */
export interface Passage {
  /** Does this vendor take the body as its caller wrote it? If not, the writer has something to change. */
  fits(body: Wire, quirks: Quirks): boolean;
  /** Does it ask for what the model is known not to have? Then the writer refuses it, or makes it less. */
  asksTooMuch?(body: Wire, traits: ModelTraits): boolean;
  /** Does it lack what the model demands? Then the writer puts it in. */
  lacks?(body: Wire, target: Target): boolean;
  /**
   * Members of the body to set on the way out, as JSON text by name; none when not a byte has to change.
   *
   * @param model the vendor's own name of the model
   * @throws InvalidRequestError (400) when there is no conversation in it
   */
  members(body: Wire, model: string): Readonly<Record<string, string>>;
  /**
   * Answers pass also where the request could not: vendors of this dialect answer as callers expect, by the ids that they keep
   * things by, and with what no reader knows yet.
   */
  readonly answersPass?: boolean;
  /** Where an answer tells its usage, if not in `usage`. */
  readonly usageMember?: string;
  /** Only stream events that hold one of these patterns (all of them `g`) are read; the others pass unread. */
  readonly notable: readonly RegExp[];
  /** What stands in every stream event that says something new, for estimates; absent where nearly all events do. */
  readonly piece?: string;
  /** Ends a stream for clients that wait for it, should the vendor have sent none; empty where nobody waits. */
  readonly sentinel: string;
  /** What the caller gets for the `data` of a notable event: null for the same, empty for nothing at all. */
  rewrite(event: SseEvent, passing: Passing): string | null;
}

export interface Passing {
  /** What the caller sent. */
  readonly body: Wire;
  /** `x_llmhub`, with the usage so far; null when the project turned it off. */
  llmhub(): LlmHub | null;
}
