import type { StreamReader, Target } from '../domain/dialect.js';
import type { Losses } from '../domain/losses.js';
import type { Transcript, TranscriptFormat } from './transcript.js';

/** What is asked of a vendor whose endpoint is not OpenAI's. */
export interface TranscriptRequest {
  readonly format: TranscriptFormat;
  /** All other fields of the caller's form, in its order; lists are `name[]`, one by one. */
  readonly fields: readonly Field[];
  /** Of the recording, such as `audio/mpeg`. */
  readonly mime: string;
  /** It lasts so long; null when nobody knows that for sure. */
  readonly seconds: number | null;
  /** The caller wants to be told while it is heard. */
  readonly stream: boolean;
  /** Its text is wanted in English. */
  readonly isTranslation: boolean;
}

export type Field = readonly [name: string, value: string];

/** The request as the vendor takes it, apart from the recording. */
export interface WrittenRequest {
  /** Path and query below its base URL. */
  readonly path: string;
  /** Fields of a form that carries the recording as `file`; null: the recording is all of the body. */
  readonly form: readonly Field[] | null;
  /** The body is JSON that has the recording in base64: what stands before that, and behind it. */
  readonly around?: readonly [before: string, after: string];
}

/** How a vendor of another shape takes recordings and tells what was said. Pure functions; no network. */
export interface TranscriptionVendor {
  /** Into English, too. */
  readonly translates?: boolean;
  /** It is a model that may write any number of tokens before it answers. */
  readonly thinks?: boolean;
  /** Whether these fields say that the recording is samples without a container, which nobody else could tell. */
  isRaw?(fields: readonly Field[]): boolean;
  /** What cannot be said goes to `losses`; fields that OpenAI has not are the vendor's own, and go on as they are. */
  writeRequest(request: TranscriptRequest, target: Target, losses: Losses): WrittenRequest;
  /** @throws UpstreamError when a body with status 200 is no transcription */
  readAnswer(body: unknown, request: TranscriptRequest, target: Target): Transcript;
  /** Of a vendor that tells text while it hears, where it was asked to: its events, of which texts, usage and the end are told. */
  streamReader?(target: Target): StreamReader;
}

/** Of all other formats the words need the whole answer. */
export function isPlain({ format }: Pick<TranscriptRequest, 'format'>): boolean {
  return format === 'json' || format === 'text';
}

/** What becomes of one field of OpenAI's: fields of the vendor's, or why there are none. */
type Translation = ((value: string) => readonly Field[]) | string;

/**
 * The caller's fields in the vendor's words.
 *
 * @param table by name without brackets
 */
export function translateFields(
  fields: readonly Field[],
  table: Readonly<Record<string, Translation>>,
  losses: Losses,
): Field[] {
  return fields.flatMap(([name, value]): readonly Field[] => {
    const plain = name.replace(/\[.*$/s, '');
    const translation = Object.hasOwn(table, plain) ? table[plain] : undefined;
    if (typeof translation === 'string') {
      losses.dropped(plain, translation);
      return [];
    }
    return translation ? translation(value) : [[plain, value]];
  });
}

/** Those that vendors but OpenAI have no word for. */
export const OPENAI_ONLY = {
  chunking_strategy: 'The vendor cuts recordings as it likes.',
  include: 'The vendor tells no probabilities in the shape of OpenAI.',
  known_speaker_names: 'The vendor does not know speakers by name.',
  known_speaker_references: 'The vendor does not know speakers by their voice.',
  prompt: 'The vendor takes no prompt; name words with keywords[].',
  timestamp_granularities: (): readonly Field[] => [], // all are asked for, and told as the caller likes
} as const;

/** Defaults, unless the caller has said otherwise. */
export function withDefaults(fields: readonly Field[], defaults: readonly Field[]): Field[] {
  const said = new Set(fields.map(([name]) => name));
  return [...defaults.filter(([name]) => !said.has(name)), ...fields];
}
