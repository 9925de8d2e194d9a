import { IsInt, Length, Matches, Max, Min } from 'class-validator';
import { MODEL_NAME } from '@app/projects';

/** A model that a policy may choose. */
export class PolicyTarget {
  /**
   * `vendor/model`, or the vendor's own name of it; always a real model, never another policy.
   *
   * @example openai/gpt-5-mini
   */
  @Length(1, 191)
  @Matches(MODEL_NAME.pattern, MODEL_NAME)
  readonly model!: string;

  /**
   * Share of the calls beside the other targets, for `weighted`.
   *
   * @example 3
   */
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly weight?: number = 1;
}
