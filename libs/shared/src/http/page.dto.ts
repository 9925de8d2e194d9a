import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Length, Max, Min } from 'class-validator';

/** Which page of a list. */
export class PageQuery {
  /** How many entries at most. */
  @ApiPropertyOptional({ type: 'integer' })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  readonly limit: number = 50;

  /** `next` of the page before. */
  @IsOptional()
  @Length(1, 64)
  readonly after?: string;
}
