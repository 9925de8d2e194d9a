import { PartialType } from '@nestjs/swagger';
import { IsInt, Length, Matches, Max, Min } from 'class-validator';

/** Ten years. */
const MOST_SECONDS = 315_360_000;

class KeptAnswers {
  /**
   * Only those of this vendor and its model, as `x-llmhub-provider` and `x-llmhub-model` of an answer say, or usage records: `provider`
   * and `modelSent`, else `modelUsed`. The vendor is always part of it, also where the model's name has a slash.
   *
   * @example openai/gpt-5-mini
   */
  @Length(1, 191)
  readonly model!: string;

  /**
   * Only those that were asked for with this `x-llmhub-cache-namespace`.
   *
   * @example user-17
   */
  @Matches(/^[\w.:-]{1,64}$/, { message: '$property must be up to 64 letters, digits, _, ., : or -' })
  readonly namespace!: string;

  /**
   * Only those that were kept longer ago.
   *
   * @example 600
   */
  @IsInt()
  @Min(0)
  @Max(MOST_SECONDS)
  readonly olderThanSeconds!: number;
}

/** Which answers are to be forgotten; what is left out does not matter, and null is no way to leave it out. */
export class PurgeCache extends PartialType(KeptAnswers, { skipNullProperties: false }) {}

export class PurgedCache {
  /**
   * How many answers are forgotten, here and in the store. Other gateways are told by way of Redis; without one they forget what
   * they have of the store within a minute.
   *
   * @example 12
   */
  readonly purged!: number;
}
