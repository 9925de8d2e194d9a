import { OmitType } from '@nestjs/swagger';
import { PageQuery } from '@app/shared';
import { IsOptional, Length } from 'class-validator';
import { CoolingKey } from '../domain/health/cooling-key.entity.js';
import { TargetStatus } from '../domain/health/target-status.entity.js';

export class TargetsQuery extends OmitType(PageQuery, ['after']) {
  /**
   * `next` of the page before.
   *
   * @example openai/gpt-5
   */
  @IsOptional()
  @Length(1, 256)
  readonly after?: string;
}

export class TargetPage {
  /** By id. */
  readonly data!: TargetStatus[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example openai/gpt-5
   */
  readonly next!: string | null;
  /** Every vendor key that is left alone now, on whatever page. */
  readonly coolingKeys!: CoolingKey[];
}
