import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { Retention } from '../domain/retention.js';
import { RetentionView } from './retention.dto.js';
import { toRetentionView } from './retention.view.js';

@ApiTags('Usage')
@Access('admin')
@Controller('admin/retention')
export class RetentionController {
  constructor(private readonly retention: Retention) {}

  /** Tells what is kept of calls and changes, for how long, and since when. */
  @Get()
  async list(): Promise<RetentionView> {
    return toRetentionView(await this.retention.exceptions());
  }
}
