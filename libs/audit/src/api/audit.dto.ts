import { EXPORT_FORMATS, type ExportFormat, MOMENT, PageQuery } from '@app/shared';
import { ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, Length, Matches } from 'class-validator';
import { AuditEntry } from '../domain/audit-entry.entity.js';

export class AuditQuery extends PageQuery {
  /**
   * Id of the user who changed something.
   *
   * @example configured
   */
  @IsOptional()
  @Length(1, 64)
  readonly actor?: string;

  /**
   * Id of what was changed.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  @IsOptional()
  @Length(1, 64)
  readonly target?: string;

  /**
   * What was done.
   *
   * @example project.update
   */
  @IsOptional()
  @Length(1, 64)
  readonly action?: string;

  /**
   * Id of the project that it belongs to.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  @IsOptional()
  @Length(1, 64)
  readonly project?: string;

  /**
   * Kind of what was changed, as actions begin with it: `api-key` for `api-key.create` and all others of API keys.
   *
   * @example api-key
   */
  @IsOptional()
  @Length(1, 64)
  @Matches(/^[a-z-]+$/, {
    message: 'targetType must be what an action begins with, such as project, without the dot',
  })
  readonly targetType?: string;

  /**
   * What the action, the id of what was changed or the user's name has in it, in capital or small letters.
   *
   * @example ada
   */
  @IsOptional()
  @Length(1, 191)
  readonly text?: string;

  /**
   * Changes from then on: a day (UTC) or a moment.
   *
   * @example 2026-11-24
   */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(MOMENT, { message: 'from must be a day or a moment with its time zone' })
  readonly from?: string;

  /**
   * Changes before then.
   *
   * @example 2026-11-25T10:00:00Z
   */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(MOMENT, { message: 'to must be a day or a moment with its time zone' })
  readonly to?: string;
}

export class AuditExportQuery extends OmitType(AuditQuery, ['limit', 'after']) {
  /** A JSON object on each line (`ndjson` is the same), or CSV for spreadsheets. */
  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'jsonl' })
  @IsIn(EXPORT_FORMATS)
  readonly format: ExportFormat = 'jsonl';
}

export class AuditPage {
  /** Latest first. */
  readonly data!: AuditEntry[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly next!: string | null;
}
