import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { DISPLAY_NAME } from '@app/projects';

export const CONDITIONS = ['budget', 'error-rate', 'vendor-down', 'spool'] as const;
export type Condition = (typeof CONDITIONS)[number];

export const FORMATS = ['json', 'slack'] as const;
export type Format = (typeof FORMATS)[number];

/** Minutes of calls that are remembered. */
export const MOST_WINDOW_MINUTES = 60;

/** What somebody wants to be told by a webhook. */
export class Alert {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly id!: string;

  /**
   * Told with it.
   *
   * @example spending
   */
  @Length(1, 80)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly name!: string;

  /**
   * What is watched: `budget`, what is spent of each budget, in per cent of its limit; `error-rate`, how many per cent of calls fail with a 5xx, or are cut off;
   * `vendor-down`, how many models of a vendor get no calls because they failed; `spool`, how many bytes of usage records wait for the
   * store at one gateway.
   *
   * @example budget
   */
  @IsIn(CONDITIONS)
  readonly condition!: Condition;

  /**
   * From which values on it is told, each once; and again when the value is below it.
   *
   * @example [50, 80, 100]
   */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ArrayUnique()
  @IsNumber({ allowNaN: false, allowInfinity: false }, { each: true })
  @Min(0.001, { each: true })
  @Max(1e15, { each: true })
  readonly thresholds!: number[];

  /**
   * The project that is watched; null: all of them together. Of `vendor-down`: with a project, its own vendor keys count, too. Not for `spool`.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  @IsOptional()
  @IsUUID()
  readonly projectId!: string | null;

  /**
   * Of `error-rate`: of how many minutes the calls count.
   *
   * @example 5
   */
  @IsInt()
  @Min(1)
  @Max(MOST_WINDOW_MINUTES)
  readonly windowMinutes!: number;

  /**
   * Of `error-rate`: fewer calls in that time tell nothing.
   *
   * @example 20
   */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly minCalls!: number;

  /**
   * `json`: an event as Standard Webhooks have it. `slack`: `{"text": …}`, which Slack and others with its incoming webhooks show.
   *
   * @example json
   */
  @IsIn(FORMATS)
  readonly format!: Format;

  /**
   * False: it watches nothing, and tells nothing.
   *
   * @example true
   */
  @IsBoolean()
  readonly enabled!: boolean;

  /**
   * Where it is told: the beginning and the end of the URL, which may be a secret itself.
   *
   * @example https://hooks.example.com/…9a2e
   */
  readonly maskedUrl!: string;

  /**
   * End of the secret that signs what is sent.
   *
   * @example …9a2e
   */
  readonly maskedSecret!: string;

  /**
   * ISO 8601, UTC.
   *
   * @example 2026-11-28T10:20:30.456Z
   */
  readonly createdAt!: string;

  /**
   * Grows with every change; the ETag begins with it.
   *
   * @example 1
   */
  readonly version!: number;
}

/** Where it goes. */
export class AlertTarget {
  /**
   * `http://` or `https://`, of a public host or one in AI_GATEWAY_EGRESS_ALLOW. It is not shown again.
   *
   * @example https://hooks.example.com/llm-hub
   */
  @Length(1, 2048)
  @Matches(/^https?:\/\/[^\s@]+$/, {
    message: '$property must be an http:// or https:// URL without user name',
  })
  readonly url!: string;

  /**
   * `whsec_` and 24 to 64 bytes in base64, with which receivers check the signature. Made when left out, and shown once.
   *
   * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
   */
  @Matches(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, {
    message: '$property must be whsec_ and 24 to 64 bytes in base64',
  })
  readonly secret!: string;
}

/** As it is stored: the target in an envelope. */
export type StoredAlert = Alert & { readonly envelope: string };

/** As it is watched. */
export interface OpenAlert extends Alert {
  readonly target: AlertTarget;
}

export class CreatedAlert extends Alert {
  /**
   * Signs what is sent. Shown once.
   *
   * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
   */
  readonly secret!: string;
}

/** What an administrator may leave out, and what then holds. */
export const ALERT_DEFAULTS = {
  projectId: null,
  windowMinutes: 5,
  minCalls: 20,
  format: 'json',
  enabled: true,
} satisfies Partial<Alert>;

export const ALERT_OPTIONS = Object.keys(ALERT_DEFAULTS) as (keyof typeof ALERT_DEFAULTS)[];

export type AlertSettings = Pick<Alert, 'name' | 'condition' | 'thresholds' | keyof typeof ALERT_DEFAULTS>;
