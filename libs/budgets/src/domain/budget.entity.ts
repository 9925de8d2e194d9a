import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsTimeZone,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { DISPLAY_NAME, MODEL_PATTERN } from '@app/projects';
import { IsUsd } from './usd-amount.js';

export const PERIODS = ['minute', 'hour', 'day', 'week', 'month', 'total'] as const;
export type Period = (typeof PERIODS)[number];

/** What may have an account of its own each, below one budget. */
export const DIVISIONS = ['key', 'endUser', 'tag', 'model'] as const;
export type Division = (typeof DIVISIONS)[number];

/** As it arrives in the header, which is split at commas. */
const TAG = /^(?!\s)[^\p{Cc}\p{Cs},]+(?<!\s)$/u;

const DAY_MINUTES = 24 * 60;

/** What a call is charged when its vendor has not told what was used. */
export const UNMEASURED_COSTS = ['maximum', 'estimate'] as const;
export type UnmeasuredCost = (typeof UNMEASURED_COSTS)[number];

/** How much some calls of a project may cost together. */
export class Budget {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly id!: string;

  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly projectId!: string;

  /**
   * What callers read when it is used up.
   *
   * @example search
   */
  @Length(1, 80)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly name!: string;

  /**
   * What its calls may cost in a period, in US dollars, to nine decimals. 0 stops them.
   *
   * @example 25.5
   */
  @IsUsd()
  readonly limitUsd!: number;

  /**
   * The period: of the calendar, weeks beginning on Monday; `total` is never over.
   *
   * @example month
   */
  @IsIn(PERIODS)
  readonly period!: Period;

  /**
   * True: the period is not the calendar's, but the last minute, hour, day, 7 or 30 days before each call (and a thirtieth of
   * that more, at most). Not for `total`.
   *
   * @example false
   */
  @IsBoolean()
  readonly rolling!: boolean;

  /**
   * Where days, weeks and months begin at midnight.
   *
   * @example Europe/Berlin
   */
  @IsTimeZone()
  readonly timeZone!: string;

  /**
   * Id of the API key whose calls count; null means all.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  @IsOptional()
  @IsUUID()
  readonly keyId!: string | null;

  /**
   * The end user whose calls count, as callers name one in `x-llmhub-user`, `safety_identifier`, `user` or Anthropic's
   * `metadata.user_id`; null means all.
   *
   * @example user-4711
   */
  @IsOptional()
  @Length(1, 256)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly endUser!: string | null;

  /**
   * The tag in `x-llmhub-tags` whose calls count, in the same letters; null means all.
   *
   * @example nightly
   */
  @IsOptional()
  @Length(1, 64)
  @Matches(TAG, {
    message:
      '$property must be one tag, as calls have it in x-llmhub-tags: without commas, line breaks, or spaces at its ends',
  })
  readonly tag!: string | null;

  /**
   * The model whose calls count, `*` standing for anything: with the vendor (`openai/*`) or by the model's own name; null
   * means all.
   *
   * @example openai/gpt-5*
   */
  @IsOptional()
  @Matches(MODEL_PATTERN.pattern, MODEL_PATTERN)
  readonly model!: string | null;

  /**
   * Of what each has the whole limit for itself: with `endUser`, each end user. Calls that name none share one.
   *
   * @example ["endUser"]
   */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(DIVISIONS.length)
  @IsIn(DIVISIONS, { each: true })
  readonly each!: Division[];

  /**
   * True: a call that might exceed it is refused (402). False: nothing is refused, and what is spent is counted.
   *
   * @example true
   */
  @IsBoolean()
  readonly hard!: boolean;

  /**
   * True: a call that might cost more than is left gets a lower limit of its output tokens, so that it cannot, instead of a refusal.
   *
   * @example false
   */
  @IsBoolean()
  readonly clampOutput!: boolean;

  /**
   * What a call is taken to cost at most when nobody can tell (a price or a length is unknown), in US dollars; null: such calls
   * are refused.
   *
   * @example 0.5
   */
  @IsOptional()
  @IsUsd()
  readonly unknownCostUsd!: number | null;

  /**
   * What a call costs a hard budget when its vendor has not told what was used, as of a stream whose caller left: `maximum`, all that
   * was set aside for it, so that no bill can exceed the limit; or `estimate`, which is less, but may be less than the bill. A budget
   * that is not hard takes the estimate.
   *
   * @example maximum
   */
  @IsIn(UNMEASURED_COSTS)
  readonly unmeasuredCost!: UnmeasuredCost;

  /**
   * True: while the store is down and what this gateway had taken from it is used up, calls go on, and may exceed the limit.
   * False: they are refused (503) until it is back.
   *
   * @example false
   */
  @IsBoolean()
  readonly failOpen!: boolean;

  /**
   * Per cent of the limit at which the log tells it, once a period.
   *
   * @example [80, 100]
   */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(10)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(1000, { each: true })
  readonly alertAt!: number[];

  /**
   * ISO 8601, UTC.
   *
   * @example 2026-11-27T10:20:30.456Z
   */
  readonly createdAt!: string;

  /**
   * Grows with every change; the ETag begins with it.
   *
   * @example 1
   */
  readonly version!: number;
}

/** What an administrator may leave out, and what then holds. */
export const BUDGET_DEFAULTS = {
  rolling: false,
  timeZone: 'UTC',
  keyId: null,
  endUser: null,
  tag: null,
  model: null,
  each: [],
  hard: true,
  clampOutput: false,
  unknownCostUsd: null,
  unmeasuredCost: 'maximum',
  failOpen: false,
  alertAt: [80, 100],
} satisfies Partial<Budget>;

export const BUDGET_OPTIONS = Object.keys(BUDGET_DEFAULTS) as (keyof typeof BUDGET_DEFAULTS)[];

export type BudgetSettings = Pick<Budget, 'name' | 'limitUsd' | 'period' | keyof typeof BUDGET_DEFAULTS>;

export const MINUTES: Readonly<Record<Exclude<Period, 'total'>, number>> = {
  minute: 1,
  hour: 60,
  day: DAY_MINUTES,
  week: 7 * DAY_MINUTES,
  month: 30 * DAY_MINUTES,
};
