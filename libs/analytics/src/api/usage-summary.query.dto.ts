import { ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayUnique,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { MOMENT } from '@app/shared';
import { type Interval, INTERVALS, RANKS } from '../domain/rollups/rollup.repository.js';
import { FORMATS } from './csv.interceptor.js';
import type { Top } from '../domain/rollups/usage-summaries.service.js';

/** What a project may tell apart. */
export const GROUPS = ['model', 'provider', 'key', 'endpoint', 'endUser', 'tag'] as const;
const ALL_GROUPS = [...GROUPS, 'project'] as const;
export type Group = (typeof ALL_GROUPS)[number];

/** `a,b` and `?groupBy=a&groupBy=b` say the same. */
function listOf({ value }: { readonly value: unknown }): unknown {
  return [value].flat().flatMap(part => (typeof part === 'string' ? part.split(',') : [part]));
}

const MOST_TOP = 100;

/** What a list can be sent as. */
export class FormatQuery {
  /** `csv` for spreadsheets, as `Accept: text/csv` says, too; `json` unless you say so. */
  @IsOptional()
  @ApiPropertyOptional({ enum: FORMATS })
  @IsIn(FORMATS)
  readonly format?: (typeof FORMATS)[number];
}

class SummaryQuery extends FormatQuery {
  /** Calls received from then on, 30 days before `to` unless you say so: `2026-11-24` (UTC) or `2026-11-24T10:00:00Z`, rounded down to its hour. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(MOMENT, { message: 'from must be a day or a moment with its time zone' })
  readonly from?: string;

  /** Calls received before then, rounded up to its hour; now unless you say so. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(MOMENT, { message: 'to must be a day or a moment with its time zone' })
  readonly to?: string;

  /** Calls made for one end user only. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly endUser?: string;

  /** Calls with one tag only. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly tag?: string;

  /** How much time is added up, in UTC; `total`: all of it. */
  @ApiPropertyOptional({ enum: INTERVALS, default: 'day' })
  @IsIn(INTERVALS)
  readonly interval: Interval = 'day';

  /** So many of the groups that cost most in all of the time; the others are added up as one entry with `other`. All, unless you say so. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST_TOP)
  readonly top?: number;

  /** What `top` goes by. */
  @ApiPropertyOptional({ enum: RANKS, default: 'cost' })
  @IsIn(RANKS)
  readonly topBy: Top['of'] = 'cost';
}

export class UsageSummaryQuery extends SummaryQuery {
  /** What is told apart besides, one or several with commas between: `model,key`. By `endUser` and by `tag` (one of either) only calls are told that have one, and a call with several tags in each. */
  @ApiPropertyOptional({ type: 'string', example: 'model,key' })
  @Transform(listOf)
  @ArrayUnique()
  @IsIn(GROUPS, { each: true })
  readonly groupBy: Group[] = [];
}

export class AdminSummaryQuery extends SummaryQuery {
  /** What is told apart besides, one or several with commas between: `project`, `model`, `provider`, `key`, `endpoint`. By `endUser` and by `tag` (one of either) only calls are told that have one, and a call with several tags in each. */
  @ApiPropertyOptional({ type: 'string', example: 'project,model' })
  @Transform(listOf)
  @ArrayUnique()
  @IsIn(ALL_GROUPS, { each: true })
  readonly groupBy: Group[] = [];

  /** Of one project only. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly projectId?: string;
}

export class LatencyQuery extends OmitType(UsageSummaryQuery, ['top', 'topBy']) {}

export class AdminLatencyQuery extends OmitType(AdminSummaryQuery, ['top', 'topBy']) {}
