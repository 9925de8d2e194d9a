import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsNumber,
  IsOptional,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { MODEL_NAME } from '@app/projects';

const MIN_MS = 100;
const MAX_MS = 3_600_000;
const MAX_FALLBACKS = 5;

// None of these has a default here: a change must tell what it leaves out from what it sets. See `completed`.

/** But not null. */
function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** What counts for `balanced`, and how much: 0 is not at all. What is left out does not count. */
export class PolicyWeights {
  /**
   * What the call would cost.
   *
   * @example 0.5
   */
  @MayBeLeftOut()
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly price?: number;

  /**
   * The time to the first token.
   *
   * @example 0.3
   */
  @MayBeLeftOut()
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly latency?: number;

  /**
   * Tokens a second.
   *
   * @example 0.2
   */
  @MayBeLeftOut()
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly throughput?: number;

  /**
   * Calls that are open there.
   *
   * @example 0
   */
  @MayBeLeftOut()
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly load?: number;
}

/** Models for calls that every target has refused for one reason, the first choice first. Empty is none. */
export class PolicyFallbacks {
  /**
   * When the input is too long for the model.
   *
   * @example ["openai/gpt-4.1"]
   */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(MAX_FALLBACKS)
  @ArrayUnique()
  @Length(1, 191, { each: true })
  @Matches(MODEL_NAME.pattern, { ...MODEL_NAME, each: true })
  readonly contextWindow?: string[];

  /**
   * When the vendor's content policy refuses the input, be it with an error or with an empty answer that its filter ended.
   *
   * @example ["mistral/mistral-large-latest"]
   */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(MAX_FALLBACKS)
  @ArrayUnique()
  @Length(1, 191, { each: true })
  @Matches(MODEL_NAME.pattern, { ...MODEL_NAME, each: true })
  readonly contentPolicy?: string[];
}

/** In ms; null, and what is left out, means as long as the gateway allows. */
export class PolicyTimeouts {
  /**
   * For the call, with all its attempts.
   *
   * @example 60000
   */
  @IsOptional()
  @IsInt()
  @Min(MIN_MS)
  @Max(MAX_MS)
  readonly totalMs?: number | null;

  /**
   * For one attempt.
   *
   * @example 30000
   */
  @IsOptional()
  @IsInt()
  @Min(MIN_MS)
  @Max(MAX_MS)
  readonly attemptMs?: number | null;

  /**
   * For the beginning of a streamed answer, in one attempt. Whole answers have `attemptMs`.
   *
   * @example 5000
   */
  @IsOptional()
  @IsInt()
  @Min(MIN_MS)
  @Max(MAX_MS)
  readonly firstTokenMs?: number | null;

  /**
   * Between two pieces of a streamed answer.
   *
   * @example 10000
   */
  @IsOptional()
  @IsInt()
  @Min(MIN_MS)
  @Max(MAX_MS)
  readonly idleMs?: number | null;
}
