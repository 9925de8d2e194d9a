import { IsNotEmpty, IsOptional, IsString } from 'class-validator';

export class FeedQuery {
  /** Of that project alone. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly projectId?: string;
}
