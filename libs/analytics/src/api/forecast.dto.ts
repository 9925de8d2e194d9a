import { ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { SUBJECTS } from '../domain/forecast/anomalies.service.js';
import { AdminUsageBucket } from './usage-summary.dto.js';
import { FormatQuery } from './usage-summary.query.dto.js';

export class ForecastQuery extends FormatQuery {
  /** Of one project only. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly projectId?: string;

  /** Tells each project by itself; all together, unless you say so. */
  @ApiPropertyOptional({ enum: ['project'] })
  @IsOptional()
  @IsIn(['project'])
  readonly groupBy?: 'project';
}

export class ForecastEntry {
  /**
   * Only when projects are told apart.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly projectId?: string;

  /**
   * This month until now, in billionths of a US dollar: a whole number as text, as the next ones.
   *
   * @example 31200000000
   */
  readonly spentNanoUsd!: string;

  /**
   * By the end of the month: what was spent, and for each day left the median of its weekday. Null without a whole day to go by.
   *
   * @example 48100000000
   */
  readonly expectedNanoUsd!: string | null;

  /**
   * Of ten months one may end below, never below what was spent.
   *
   * @example 44900000000
   */
  readonly lowNanoUsd!: string | null;

  /**
   * Of ten months one may end above.
   *
   * @example 51300000000
   */
  readonly highNanoUsd!: string | null;

  /**
   * Whole days that it goes by, 28 at most.
   *
   * @example 28
   */
  readonly days!: number;
}

export class ForecastView {
  /**
   * When it was made: ISO 8601, UTC.
   *
   * @example 2026-11-24T12:30:00.000Z
   */
  readonly at!: string;

  /**
   * When the month ends.
   *
   * @example 2026-12-01T00:00:00.000Z
   */
  readonly until!: string;

  /** By the ids of projects. */
  readonly data!: ForecastEntry[];
}

export class AnomalyView extends PickType(AdminUsageBucket, ['start', 'projectId']) {
  /** @example spend */
  @IsIn(SUBJECTS)
  readonly subject!: (typeof SUBJECTS)[number];

  /**
   * Of that hour, in billionths of a US dollar; of `error_rate` the share of calls that failed.
   *
   * @example 910000000
   */
  readonly value!: number;

  /**
   * The median of that hour of the 14 days before, likewise.
   *
   * @example 120000000
   */
  readonly usual!: number;

  /**
   * How many (robust) standard deviations `value` is above it; below zero: under it.
   *
   * @example 12.4
   */
  readonly score!: number;
}

export class AnomaliesView {
  /**
   * The hours that were looked at: ISO 8601, UTC.
   *
   * @example 2026-11-23T12:00:00.000Z
   */
  readonly from!: string;

  /**
   * Until then.
   *
   * @example 2026-11-24T12:00:00.000Z
   */
  readonly to!: string;

  /** The latest first. */
  readonly data!: AnomalyView[];
}
