import type { TestGateway } from '../support/gateway.js';

/** What is asked, whatever the SDK. `Turn` is what the SDK keeps of an answer. */
export interface Ask<Turn> {
  readonly model: string;
  readonly text: string;
  readonly system?: string;
  readonly tools?: readonly Tool[];
  /** Of the answer: JSON Schema of an object. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** A PNG, in base64. */
  readonly image?: string;
  /** In base64. */
  readonly pdf?: string;
  readonly reasoning?: boolean;
  readonly stop?: readonly string[];
  readonly maxTokens?: number;
  /** What was said since the question. */
  readonly rounds?: readonly Round<Turn>[];
}

export interface Tool {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** An answer, and what its caller said to it: the result of each call, or another question. */
export interface Round<Turn> {
  readonly said: Said<Turn>;
  readonly results?: readonly string[];
  readonly next?: string;
}

/** What an answer says, read from the SDK's own objects. */
export interface Said<Turn> {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly Called[];
  /** In the words of the API. */
  readonly finish: string;
  /** The API's way to tell that nothing was answered on purpose. */
  readonly refused: boolean;
  /** Input with what came from a cache, output with reasoning. */
  readonly usage: {
    readonly input: number;
    readonly output: number;
    readonly reasoning: number;
    /** US dollars; a member that no SDK has a type for. */
    readonly cost: number | undefined;
  };
  /** To be sent back as it is. */
  readonly turn: Turn;
}

export interface Called {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
}

export type Way = 'whole' | 'streamed';

/** `cost` of a usage object. */
export function costIn(usage: object | null | undefined): number | undefined {
  return (usage as { readonly cost?: number } | null | undefined)?.cost;
}

export interface Watch {
  /** The caller leaves. */
  readonly signal?: AbortSignal;
  /** Each piece of the text that is streamed. */
  readonly onText?: (piece: string) => void;
}

/** One official SDK, in front of the gateway. It tries nothing twice. */
export interface Client<Turn> {
  ask(ask: Ask<Turn>, way: Way, watch?: Watch): Promise<Said<Turn>>;
}

/** How one API says what all of them say. */
export interface Words {
  readonly finish: Readonly<Record<'end' | 'stop' | 'length' | 'calls', string>>;
  /** How reasoning comes back to OpenAI, where the API has a place for it. */
  readonly reasoningAtOpenAi?: RegExp;
  /** Status of a vendor that is overloaded. */
  readonly overloaded: number;
  /** The class that the SDK throws for a status. */
  errorClass(status: number): abstract new (...args: never[]) => Error;
  /** Seconds that an error asks to wait. */
  retryAfter(error: unknown): string | undefined;
  /** Names of the request fields that vendors may lack; null for those that the API itself has not, or the case not sent. */
  readonly fields: Readonly<Record<'schema' | 'image' | 'pdf', string>> &
    Readonly<Record<'stop' | 'pdfName', string | null>>;
}

export interface Sdk<Turn> {
  readonly name: string;
  readonly words: Words;
  connect(gateway: TestGateway, key: string): Client<Turn>;
}
