/**
 * The parts a turn is made of. Order matters and is kept. This is the union of what two or more wire formats can say
 * (PROTOCOLS 2.1); what only one can say travels as a `native` part.
 */
export type Part =
  TextPart | RefusalPart | ReasoningPart | ToolCallPart | ToolResultPart | MediaPart | NativePart;

/** Ask the vendor to cache the prompt up to and including this part. */
export interface CacheMark {
  /** As the caller said it: `5m`, `30m`, `1h`, `12h`; absent = the vendor's default. */
  readonly ttl?: string;
}

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
  readonly cache?: CacheMark;
  readonly citations?: readonly Citation[];
  /** Fields that only the caller's dialect knows, verbatim, for a vendor that speaks it too. */
  readonly native?: Readonly<Record<string, unknown>>;
}

/** The model's own refusal text, where the wire format keeps it apart from its answer. */
export interface RefusalPart {
  readonly kind: 'refusal';
  readonly text: string;
}

/** What the model thought. The signature belongs to `issuer` and `model`, and goes back only there (PROTOCOLS 2.7). */
export interface ReasoningPart {
  readonly kind: 'reasoning';
  /** Empty when only a signature, or redacted reasoning, is known. */
  readonly text: string;
  readonly signature?: Signature;
  /** The vendor sent only ciphertext (Anthropic `redacted_thinking`); it is in `signature.payload`. */
  readonly redacted?: boolean;
  /** Fields that only the caller's dialect knows, verbatim, for a vendor that speaks it too. */
  readonly native?: Readonly<Record<string, unknown>>;
}

/** Opaque proof of reasoning: Anthropic `signature`, OpenAI `encrypted_content`, Gemini `thoughtSignature`. */
export interface Signature {
  /** Vendor id that issued it, e.g. `anthropic`. */
  readonly issuer: string;
  /** The model as it was asked of that vendor. */
  readonly model: string;
  readonly payload: string;
  /** The vendor's id of the reasoning item (Responses `rs_…`). */
  readonly id?: string;
}

export interface ToolCallPart {
  readonly kind: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** JSON text exactly as it came; free text when `custom`. Never parsed and re-serialised on the way through. */
  readonly arguments: string;
  /** A call of a free-text (`custom`) tool. */
  readonly custom?: boolean;
  /** Group that the vendor named with it (Responses). */
  readonly namespace?: string;
  /** Gemini puts its signature on the call itself. */
  readonly signature?: Signature;
  readonly cache?: CacheMark;
  /** Fields that only the caller's dialect knows, verbatim, for a vendor that speaks it too. */
  readonly native?: Readonly<Record<string, unknown>>;
}

export interface ToolResultPart {
  readonly kind: 'tool-result';
  readonly callId: string;
  /** Name of the tool; writers that need it fall back on the matching call. */
  readonly name?: string;
  readonly parts: readonly ResultPart[];
  readonly isError?: boolean;
  readonly custom?: boolean;
  readonly cache?: CacheMark;
  /** Fields that only the caller's dialect knows, verbatim, for a vendor that speaks it too. */
  readonly native?: Readonly<Record<string, unknown>>;
}

/** What a tool can answer. */
export type ResultPart = TextPart | MediaPart | NativePart;

export function isResultPart(part: Part): part is ResultPart {
  return part.kind === 'text' || part.kind === 'media' || part.kind === 'native';
}

export interface MediaPart {
  readonly kind: 'media';
  readonly media: 'image' | 'audio' | 'video' | 'document';
  /** Media type such as `image/png`; absent when only a URL is known. */
  readonly mime?: string;
  readonly source: MediaSource;
  readonly filename?: string;
  /** Resolution asked for: `auto`, `low`, `high`, `original`. */
  readonly detail?: string;
  /** Context around a document, and whether the model is to cite it (Anthropic). */
  readonly context?: string;
  readonly citable?: boolean;
  readonly cache?: CacheMark;
  /** Fields that only the caller's dialect knows, verbatim, for a vendor that speaks it too. */
  readonly native?: Readonly<Record<string, unknown>>;
}

export type MediaSource =
  /** Base64 without the `data:` prefix. */
  | { readonly kind: 'base64'; readonly data: string }
  | { readonly kind: 'url'; readonly url: string }
  /** Id of a file at the vendor the caller thinks of. */
  | { readonly kind: 'file'; readonly id: string }
  /** A document given as plain text. */
  | { readonly kind: 'text'; readonly text: string };

/** A part that only its own wire format understands (server tool use, code execution result, …), verbatim. */
export interface NativePart {
  readonly kind: 'native';
  readonly dialect: DialectId;
  readonly value: unknown;
}

export interface Citation {
  readonly url?: string;
  readonly title?: string;
  /** Character offsets into the text of its part. */
  readonly start?: number;
  readonly end?: number;
  /** What the source says. */
  readonly quote?: string;
  /** The vendor's own object, for a caller that speaks the same dialect. */
  readonly native?: unknown;
}

export type DialectId =
  'openai-chat' | 'openai-completions' | 'openai-responses' | 'anthropic-messages' | 'gemini';
