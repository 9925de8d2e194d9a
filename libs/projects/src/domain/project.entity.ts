import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { CACHE_KEEPS, PROMPT_PASSES } from '@app/shared';
import {
  MOST_CONCURRENT_CALLS,
  MOST_FILE_BYTES,
  MOST_REQUESTS_PER_MINUTE,
  MOST_TOKENS_PER_MINUTE,
} from './call-limits.js';
import { DISPLAY_NAME } from './display-name.js';
import { KEEPING_OPTIONS, RetentionSettings } from './retention-settings.entity.js';
import { MODEL_NAME, VENDOR_ID } from './wire-names.js';

const GIB = 1024 ** 3;
/** Thirty days. */
const MOST_CACHE_SECONDS = 30 * 86_400;

export class Project extends RetentionSettings {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  @IsUUID()
  readonly id!: string;

  /**
   * Shown in dashboards and usage reports.
   *
   * @example production
   */
  @Length(1, 80)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly name!: string;

  /** @example active */
  @IsIn(['active', 'suspended'])
  readonly status!: 'active' | 'suspended';

  /**
   * Answer 400 instead of leaving out what the chosen vendor cannot do.
   *
   * @example false
   */
  @IsBoolean()
  readonly strict!: boolean;

  /**
   * Add `x_llmhub` (vendor, cost, warnings) to answers.
   *
   * @example true
   */
  @IsBoolean()
  readonly annotate!: boolean;

  /**
   * Size a JSON body may have, in bytes; null means the gateway's own limit, which holds in any case.
   *
   * @example 1048576
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(GIB)
  readonly bodyLimitBytes!: number | null;

  /**
   * Size an uploaded file may have, in bytes; null means the gateway's own limit.
   *
   * @example 26214400
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_FILE_BYTES)
  readonly fileLimitBytes!: number | null;

  /**
   * Model of chats that name none; null means that they must.
   *
   * @example openai/gpt-5-mini
   */
  @IsOptional()
  @Length(1, 191)
  @Matches(MODEL_NAME.pattern, MODEL_NAME)
  readonly defaultChatModel!: string | null;

  /**
   * Model of transcriptions that name none; null means that they must.
   *
   * @example openai/whisper-1
   */
  @IsOptional()
  @Length(1, 191)
  @Matches(MODEL_NAME.pattern, MODEL_NAME)
  readonly defaultTranscriptionModel!: string | null;

  /**
   * Ids of the vendors that may be used; null means all.
   *
   * @example ["openai", "anthropic"]
   */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @Matches(VENDOR_ID.pattern, { ...VENDOR_ID, each: true })
  readonly allowedVendors!: string[] | null;

  /**
   * Requests that all keys together may make in any minute; null means any number.
   *
   * @example 600
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_REQUESTS_PER_MINUTE)
  readonly requestsPerMinute!: number | null;

  /**
   * Calls that may be open at the same time; null means any number.
   *
   * @example 20
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_CONCURRENT_CALLS)
  readonly concurrentCalls!: number | null;

  /**
   * Tokens that all keys together may use in any minute, input and output; null means any number.
   *
   * @example 2000000
   */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_TOKENS_PER_MINUTE)
  readonly tokensPerMinute!: number | null;

  /**
   * Which answers are kept for those who ask the same again: none, those of requests that say `temperature: 0` or a `seed`, or all.
   *
   * @example deterministic
   */
  @IsIn(['off', 'deterministic', 'all'])
  readonly cache!: 'off' | 'deterministic' | 'all';

  /**
   * How long an answer is kept at most, in seconds.
   *
   * @example 3600
   */
  @IsInt()
  @Min(1)
  @Max(MOST_CACHE_SECONDS)
  readonly cacheTtlSeconds!: number;

  /**
   * Who is answered by it: all keys of the project, or the one that asked first.
   *
   * @example project
   */
  @IsIn(['project', 'key'])
  readonly cacheScope!: 'project' | 'key';

  /**
   * Whether a question has the answer of one that was asked in other words, where answers are kept at all: no, only so that it is
   * counted what would have had one (`shadow`), or yes.
   *
   * @example shadow
   */
  @IsIn(['off', 'shadow', 'on'])
  readonly semanticCache!: 'off' | 'shadow' | 'on';

  /**
   * Model that makes the vectors of questions; null only where `semanticCache` is off. Each is a call that the project pays.
   *
   * @example openai/text-embedding-3-small
   */
  @IsOptional()
  @Length(1, 191)
  @Matches(MODEL_NAME.pattern, MODEL_NAME)
  readonly semanticCacheModel!: string | null;

  /**
   * How near the vectors of two questions have to be, as a cosine. Models differ: see in `shadow` what yours says.
   *
   * @example 0.9
   */
  @IsNumber()
  @Min(0.5)
  @Max(1)
  readonly semanticCacheThreshold!: number;

  /**
   * Words and phrases; a question that holds one is answered in its own words alone, and answers no other.
   *
   * @example ["balance", "my order"]
   */
  @IsArray()
  @ArrayMaxSize(100)
  @Length(1, 80, { each: true })
  @Matches(/[\p{L}\p{N}]/u, { each: true, message: 'each value in $property must hold a letter or a digit' })
  readonly semanticCacheNever!: string[];

  /**
   * What is kept besides whole texts; nothing, unless you ask for it. `refusals` are those of the vendor's filter, too, `truncated` is
   * what the limit of tokens cut, `errors` are what a vendor says of a request that it never takes, for a minute.
   * @example ["tool_calls"]
   */
  @IsArray()
  @ArrayUnique()
  @IsIn(CACHE_KEEPS, { each: true })
  readonly cacheKeeps!: ('tool_calls' | 'refusals' | 'truncated' | 'errors')[];

  /**
   * What may be done to prompts so that they cost less and say the same; nothing, unless you ask for it. `cache_marks` tells vendors
   * who want to be told what to cache where that pays, `tool_order` lists tools by name, whatever order they came in. `json_whitespace`
   * takes out the blanks between the tokens of JSON, `duplicate_context` what a tool returned before.
   * `prompt_cache_key` tells OpenAI which calls are to reach the same cache.
   *
   * @example ["cache_marks", "tool_order"]
   */
  @IsArray()
  @ArrayUnique()
  @IsIn(PROMPT_PASSES, { each: true })
  readonly promptPasses!: (
    'cache_marks' | 'tool_order' | 'json_whitespace' | 'duplicate_context' | 'prompt_cache_key'
  )[];

  /** @example 2026-11-25T10:20:30.456Z */
  @IsISO8601()
  readonly createdAt!: string;

  /**
   * When a deleted project is removed for good; its keys are stopped already. Null for one that was not deleted.
   *
   * @example 2026-12-02T10:20:30.456Z
   */
  readonly deletesAt!: string | null;

  /**
   * Grows with every change; the ETag begins with it.
   *
   * @example 1
   */
  readonly version!: number;
}

export class CreatedProject extends Project {
  /**
   * The first API key of the project. Shown once.
   *
   * @example pk_1f0c2b3a4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70
   */
  readonly apiKey!: string;
}

/** What an administrator may choose. */
export const PROJECT_OPTIONS = [
  'strict',
  'annotate',
  'bodyLimitBytes',
  'fileLimitBytes',
  'defaultChatModel',
  'defaultTranscriptionModel',
  'allowedVendors',
  'requestsPerMinute',
  'concurrentCalls',
  'tokensPerMinute',
  'cache',
  'cacheTtlSeconds',
  'cacheScope',
  'semanticCache',
  'semanticCacheModel',
  'semanticCacheThreshold',
  'semanticCacheNever',
  'cacheKeeps',
  ...KEEPING_OPTIONS,
  'promptPasses',
] as const;

export type ProjectSettings = Pick<Project, 'name' | (typeof PROJECT_OPTIONS)[number]>;
