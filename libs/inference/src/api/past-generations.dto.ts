import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { PastGeneration } from '../domain/past-generation.entity.js';

export class GenerationQuery {
  /**
   * The `x-request-id` of an answer, or the vendor's id in it.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(191)
  readonly id!: string;
}

export class PastGenerationView {
  readonly data!: PastGeneration;
}
