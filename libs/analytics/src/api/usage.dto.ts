import { ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { EXPORT_FORMATS, type ExportFormat, MOMENT } from '@app/shared';
import { UsageCorrection } from '../domain/corrections/usage-correction.entity.js';
import { type Outcome, OUTCOMES, UsageRecord } from '../domain/usage-record.entity.js';

export class UsageQuery {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly projectId?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly keyId?: string;

  /** Whom the call was made for. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly endUser?: string;

  /** One of those in its `x-llmhub-tags`. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly tag?: string;

  /** Path that was called, e.g. `/v1/realtime`: the sessions there, and the calls within them. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly endpoint?: string;

  /** Vendor id, e.g. `anthropic`. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly provider?: string;

  /** Model name, as asked or as used. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly model?: string;

  @IsOptional()
  @IsIn(OUTCOMES)
  readonly outcome?: Outcome;

  /** Calls received from then on: `2026-11-24` (UTC) or `2026-11-24T10:00:00Z`. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(MOMENT, { message: 'from must be a day or a moment with its time zone' })
  readonly from?: string;

  /** Calls received before then. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(MOMENT, { message: 'to must be a day or a moment with its time zone' })
  readonly to?: string;

  @ApiPropertyOptional({ type: 'integer' })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  readonly limit: number = 50;

  /** `next` of the page before. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  readonly after?: string;
}

export class UsageView extends OmitType(UsageRecord, ['receivedAt']) {
  /**
   * When the call arrived: ISO 8601, UTC.
   *
   * @example 2026-11-25T10:20:30.456Z
   */
  readonly receivedAt!: string;
}

export class CorrectionView extends OmitType(UsageCorrection, ['receivedAt', 'createdAt']) {
  /**
   * ISO 8601, UTC.
   *
   * @example 2026-11-26T10:20:30.456Z
   */
  readonly createdAt!: string;
}

export class UsageDetails extends UsageView {
  /**
   * How the vendor was chosen: what was known of the candidates, the plan that was made of it, and what came of each
   * attempt. Null when there was nothing to choose; `truncated` when it was too long to keep.
   *
   * @example { "plan": { "order": [1, 0], "scores": [2, 1], "excluded": [null, null] } }
   */
  readonly decision!: Record<string, unknown> | null;

  /** What it costs by other prices, oldest first: the last one tells what it costs now. */
  readonly corrections!: CorrectionView[];
}

export class Settlement {
  /**
   * What the call cost, in billionths of a US dollar.
   *
   * @example 126000
   */
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly costNanoUsd!: number;
}

export class UsagePage {
  /** Latest first. */
  readonly data!: UsageView[];
  /**
   * Send it as `after` to get the next page; null on the last one.
   *
   * @example MTc2NDA2NjAzMDQ1Ni4wMTkzNmY1YQ
   */
  readonly next!: string | null;
}

export class UsageExportQuery extends OmitType(UsageQuery, ['limit', 'after']) {
  /** A JSON object on each line (`jsonl` is the same), or CSV for spreadsheets. */
  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'ndjson' })
  @IsIn(EXPORT_FORMATS)
  readonly format: ExportFormat = 'ndjson';
}
