import {
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { DISPLAY_NAME } from './display-name.js';

const GIB = 1024 ** 3;

export class Project {
  @IsUUID()
  readonly id!: string;

  /** Shown in dashboards and usage reports. */
  @Length(1, 80)
  @Matches(DISPLAY_NAME, { message: '$property must be one line of text' })
  readonly name!: string;

  @IsIn(['active', 'suspended'])
  readonly status!: 'active' | 'suspended';

  /** Answer 400 instead of leaving out what the chosen vendor cannot do. */
  @IsBoolean()
  readonly strict!: boolean;

  /** Add `x_llmhub` (vendor, cost, warnings) to answers. */
  @IsBoolean()
  readonly annotate!: boolean;

  /** Size an uploaded file may have, in bytes; null means the gateway's own limit. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10 * GIB)
  readonly fileLimitBytes!: number | null;

  @IsISO8601()
  readonly createdAt!: string;
}

export class CreatedProject extends Project {
  /** The first API key of the project. Shown once. */
  readonly apiKey!: string;
}

/** What an administrator may choose. */
export type ProjectSettings = Pick<Project, 'name' | 'strict' | 'annotate' | 'fileLimitBytes'>;
