import type { MostCost } from '@app/budgets';
import { inputBoundOf, OUTPUT_LIMITS } from '@app/dialects';
import { dearestRates, type Price } from '@app/providers';
import type { Route } from '@app/routing';
import { isObject } from '@app/shared';
import type { ParsedBody } from './parse-body.js';
import { modelChoiceIn } from './scoped-fields.js';

/** The most that one attempt can use. */
export interface MostUse {
  /** Tokens; null: as many as the model takes. */
  readonly inputTokens: number | null;
  readonly images: number;
  /** Tokens; null: as many as the model makes. */
  readonly outputTokens: number | null;
  /** So many answers are made. */
  readonly answers: number;
  /** Whether pictures or sound go in, and may come out. */
  readonly media: { readonly in: boolean; readonly out: boolean };
  /** Seconds of sound that a vendor may bill by time. */
  readonly audioSeconds?: number;
  /** Of a text to speak, which a vendor may bill by. */
  readonly characters?: number;
  /** Searches that a reranker may bill. */
  readonly searches?: number;
  /** The tier asked for costs more than the standard one. */
  readonly tier?: string | undefined;
  /** The vendor makes the answer no longer than it is asked. */
  readonly canBeShorter?: boolean;
  /** Why nobody can tell, as a caller reads it. */
  readonly unknown?: string;
}

const MILLION = 1_000_000;
const HOUR_MS = 3_600_000;
/** The largest that OpenAI, Anthropic and Google document is below 5,000; OpenAI's gpt-4o-mini counts a picture 33 times over. */
const IMAGE_TOKENS = 8000;
const MINI_IMAGE_TOKENS = 50_000;
const COUNTS_PICTURES_OVER = /(^|\/)gpt-4o-mini/;

/** Search the web unasked, for a fee that price lists do not have: Perplexity's where others sell it, OpenAI's, OpenRouter's ending. */
const SEARCHES = /(^|\/)perplexity\/sonar|deep-research|-search-(preview|api)|:online$/;

/** OpenAI's and Google's, and Anthropic's speed. */
const DEARER_TIERS = /^(priority|fast)$/i;

/** Cohere counts a document again for each 500 tokens of it: https://docs.cohere.com/docs/rerank-overview */
const DOCUMENT_BYTES = 500;
const DOCUMENTS_PER_SEARCH = 100;
/** Above what OpenAI documents for its largest pictures, with those it shows on the way. */
const PICTURE_TOKENS = 10_000;
const MOST_SOURCES = 16;
/** No codec makes speech shorter. */
const SPEECH_BYTES_PER_SECOND = 500;
/** Google counts 32, OpenAI 10 a second. */
const SOUND_TOKENS_PER_SECOND = 50;
const SPOKEN_TOKENS_PER_SECOND = 10;
/** OpenAI makes 20 a second, in which nobody speaks less than a character; what is not spoken, such as a pause, is asked for in words. */
const SOUND_TOKENS_PER_CHARACTER = 20;
const SOUND_TOKENS_AT_LEAST = 200;
const SNAKE_LIMIT = 'max_output_tokens';
const OUTPUT_LIMITS_GEMINI = ['maxOutputTokens', SNAKE_LIMIT] as const;
const MODALITIES = ['modalities', 'responseModalities', 'response_modalities'] as const;
const NO_ANSWER = { images: 0, outputTokens: 0, answers: 1 };

/** Of a text request of any dialect. */
export function mostOfGeneration({
  json,
  bytes,
}: {
  readonly json: ParsedBody['json'];
  /** How many. */
  readonly bytes: number;
}): MostUse {
  const { tokens, images, hasMedia, hostedTool } = inputBoundOf(json, bytes);
  const choice = modelChoiceIn(json);
  const configs = generationConfigsOf(json);
  const modalities = [json, ...configs].flatMap(fields =>
    MODALITIES.map(name => fields[name]).filter(value => value !== undefined),
  );
  return {
    inputTokens: tokens,
    images,
    outputTokens: mostAsked([
      ...OUTPUT_LIMITS.map(name => json[name]),
      ...configs.flatMap(config => OUTPUT_LIMITS_GEMINI.map(name => config[name])),
    ]),
    answers: answersIn(json, configs),
    media: { in: hasMedia, out: modalities.length > 0 },
    canBeShorter: canBeShorter(json, configs),
    tier: [json['service_tier'], json['serviceTier'], json['speed']].find(isDearer)?.toLowerCase(),
    ...(hostedTool !== null && {
      unknown: `'${hostedTool}' is run by the vendor, which may read and write any number of tokens`,
    }),
    ...(choice !== null && { unknown: `'${choice}' may have the vendor ask another model` }),
  };
}

function isDearer(tier: unknown): tier is string {
  return typeof tier === 'string' && DEARER_TIERS.test(tier);
}

/** Google takes its fields in both spellings, and in both at once. */
function generationConfigsOf(json: ParsedBody['json']): Readonly<Record<string, unknown>>[] {
  return [json['generationConfig'], json['generation_config']].filter(isObject);
}

/** With one number in the body; not below what it wants thought, which the vendor would refuse. */
function canBeShorter(json: ParsedBody['json'], configs: readonly object[]): boolean {
  const { thinking } = json;
  const isThinkingFixed = isObject(thinking) && (thinking['budget_tokens'] ?? null) !== null;
  return (
    !isThinkingFixed &&
    configs.every(config => config === json['generationConfig'] && !(SNAKE_LIMIT in config))
  );
}

function answersIn(json: ParsedBody['json'], configs: readonly Readonly<Record<string, unknown>>[]): number {
  const prompts: unknown = json['prompt'];
  const several = Array.isArray(prompts) && typeof prompts[0] !== 'number' ? Math.max(1, prompts.length) : 1;
  const counts = configs.flatMap(config => [config['candidateCount'], config['candidate_count']]);
  const asked = [json['n'], json['best_of'], ...counts];
  return several * Math.max(1, mostAsked(asked) ?? 1);
}

/** The most that any of these says: vendors differ in which they read, and some take numbers in quotes. Null when none says it. */
function mostAsked(values: readonly unknown[]): number | null {
  const numbers = values.filter(value => value !== undefined && value !== null).map(Number);
  const most = Math.max(...numbers);
  return numbers.length > 0 && most > 0 ? Math.ceil(most) : null; // not a number: nobody knows
}

/** Of a question with one whole answer. @param bytes of the body */
export function mostOfTask(fields: Readonly<Record<string, unknown>>, bytes: number): MostUse {
  const documents: unknown = fields['documents'];
  const count = Array.isArray(documents) ? documents.length : 0;
  return {
    ...NO_ANSWER,
    inputTokens: bytes * Math.max(1, count), // a ranking reads the query along with each document
    media: { in: true, out: false },
    searches: Math.ceil((count + bytes / DOCUMENT_BYTES) / DOCUMENTS_PER_SEARCH),
  };
}

/** Of pictures. @param bytes of what is said about them */
export function mostOfPictures(fields: Readonly<Record<string, unknown>>, bytes: number): MostUse {
  const answers = Math.max(1, Number(fields['n'] ?? 1) || 1);
  const images = MOST_SOURCES;
  return {
    inputTokens: bytes,
    images,
    outputTokens: PICTURE_TOKENS,
    answers,
    media: { in: true, out: true },
  };
}

/**
 * Of the text of some speech.
 *
 * @param seconds of it; null when nobody knows @param bytes of the file @param said how many bytes are said about it
 */
export function mostOfSpeech(seconds: number | null, bytes: number, said: number): MostUse {
  const audioSeconds = Math.ceil(seconds ?? bytes / SPEECH_BYTES_PER_SECOND) + 1; // containers and decoders differ a little
  return {
    ...NO_ANSWER,
    inputTokens: said + SOUND_TOKENS_AT_LEAST + audioSeconds * SOUND_TOKENS_PER_SECOND,
    outputTokens: SOUND_TOKENS_AT_LEAST + audioSeconds * SPOKEN_TOKENS_PER_SECOND,
    media: { in: true, out: false },
    audioSeconds,
  };
}

/** Of the sound of some text. @param characters of the text @param bytes of all that is said about it */
export function mostOfSound(characters: number, bytes: number): MostUse {
  return {
    ...NO_ANSWER,
    inputTokens: bytes,
    outputTokens: SOUND_TOKENS_AT_LEAST + characters * SOUND_TOKENS_PER_CHARACTER,
    media: { in: false, out: true },
    characters,
  };
}

/** What that costs there at most. @param price null: not known @param contextTokens as the price list knows it */
export function mostCost(
  use: MostUse,
  { target, vendor }: Route,
  { price, contextTokens }: { readonly price: Price | null; readonly contextTokens: number | null },
): MostCost {
  const name = `${vendor.id}/${target.model}`;
  const { canBeShorter = false } = use;
  const nothing = { fixed: null, outputTokens: use.outputTokens, outputRate: null, canBeShorter };
  if (use.unknown !== undefined) {
    return { ...nothing, unknown: use.unknown };
  }
  if (!price) {
    return { ...nothing, unknown: `the price of ${name} is not known` };
  }
  if (price.perRequest === 0 && SEARCHES.test(target.model)) {
    return { ...nothing, unknown: `nobody knows how often ${name} searches, and what that costs` };
  }
  if (use.tier !== undefined && !price.services?.has(use.tier)) {
    return { ...nothing, unknown: `the price of ${name} in its '${use.tier}' tier is not known` };
  }
  const { traits, model } = target;
  const context = contextTokens ?? traits.contextTokens ?? null;
  const perImage = COUNTS_PICTURES_OVER.test(model) ? MINI_IMAGE_TOKENS : IMAGE_TOKENS;
  const told = use.inputTokens === null ? Infinity : use.inputTokens + use.images * perImage;
  const input = Math.min(told, context ?? Infinity);
  const perAnswer = use.outputTokens ?? traits.maxOutputTokens ?? context;
  const rates = dearestRates(price, use.media, input);
  const billedMs = Math.max(
    (use.audioSeconds ?? 0) * 1000,
    use.audioSeconds === undefined ? 0 : price.minAudioMs,
  );
  const byTime = (billedMs * (price.audioHour ?? 0)) / HOUR_MS;
  const byCharacter = ((use.characters ?? 0) * (price.perMillionCharacters ?? 0)) / MILLION;
  const others = price.perRequest + byTime + byCharacter + (use.searches ?? 0) * (price.perSearch ?? 0);
  const isByTokens = rates.input !== null;
  const isKnown = Number.isFinite(input) && (isByTokens || others > 0);
  return {
    fixed: isKnown ? Math.ceil((input * (rates.input ?? 0)) / MILLION + others) : null,
    outputTokens: perAnswer,
    outputRate:
      rates.output === null && isByTokens && perAnswer !== 0 ? null : (rates.output ?? 0) * use.answers,
    canBeShorter,
    unknown:
      isByTokens || others > 0
        ? `nobody knows how many tokens ${name} may read or write here`
        : `the price of ${name} is not known`,
  };
}
