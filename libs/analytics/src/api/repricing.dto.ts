import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
} from 'class-validator';
import { MOMENT } from '@app/shared';
import type { SkipReason } from '../domain/corrections/repriced.js';

export class RepricingQuery {
  /**
   * Calls received from then on: a day (UTC) or a moment.
   *
   * @example 2026-11-01
   */
  @IsISO8601({ strict: true })
  @Matches(MOMENT, { message: 'from must be a day or a moment with its time zone' })
  readonly from!: string;

  /**
   * Calls received before then.
   *
   * @example 2026-12-01
   */
  @IsISO8601({ strict: true })
  @Matches(MOMENT, { message: 'to must be a day or a moment with its time zone' })
  readonly to!: string;

  /**
   * Number of the list of your own prices to reckon with, 0 for the bundled list alone; or a whole price version, such as
   * `0.1.8+3`, whose bundled list must be the one of this gateway.
   *
   * @example 1
   */
  @Length(1, 64)
  readonly version!: string;

  /** `true`, unless you say otherwise: it only tells what would change. */
  @ApiPropertyOptional({ type: 'boolean', default: true })
  @Transform(({ value }): unknown => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  readonly dryRun: boolean = true;

  /** Of one project only. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly projectId?: string;

  /** Of one vendor only. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly provider?: string;

  /** Of one model only, as asked or as used. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly model?: string;

  /** `next` of the answer before. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly after?: string;
}

class SumView {
  /**
   * Records whose cost is another by these prices.
   *
   * @example 2
   */
  readonly changed!: number;

  /**
   * What the records cost before, corrections included, in nano-USD: a whole number as text, since it may be beyond 2⁵³.
   *
   * @example 1250000
   */
  readonly oldNanoUsd!: string;

  /**
   * What they cost by these prices, in nano-USD.
   *
   * @example 1000000
   */
  readonly newNanoUsd!: string;

  /**
   * What that is more, in nano-USD.
   *
   * @example -250000
   */
  readonly differenceNanoUsd!: string;
}

export class RepricedModel extends SumView {
  /** @example openai */
  readonly provider!: string | null;

  /** @example gpt-5-mini */
  readonly model!: string | null;

  /**
   * Records that were reckoned anew.
   *
   * @example 3
   */
  readonly records!: number;
}

export class RepricingView extends SumView {
  /**
   * The prices that were reckoned with.
   *
   * @example 0.1.8+1
   */
  readonly priceVersion!: string;

  /** @example true */
  readonly dryRun!: boolean;

  /**
   * Records that were looked at: at most 100 000 for one request.
   *
   * @example 5
   */
  readonly records!: number;

  /**
   * Those whose cost is not known by these prices: they keep the cost that they have.
   *
   * @example 1
   */
  readonly unknown!: number;

  /**
   * Those that cannot be reckoned anew, and why: the vendor said what it charged; no price had been asked for, since no usage was
   * told or an earlier release wrote the record; the vendor used other models on the way, whose usage was not kept; an administrator said what
   * the call cost.
   */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { vendorCharged: 1, notPriced: 0, otherModels: 0, settled: 0 },
  })
  readonly skipped!: Readonly<Record<SkipReason, number>>;

  /** The 50 models with the largest differences. */
  readonly models!: RepricedModel[];

  /**
   * Send it as `after`, with the same query, to go on; null when all records were seen.
   *
   * @example MTc2NDA2NjAzMDQ1Ni4wMTkzNmY1YQ
   */
  readonly next!: string | null;
}
