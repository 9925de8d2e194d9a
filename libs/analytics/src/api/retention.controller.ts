import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { Retention } from '../domain/retention.js';
import { RetentionView } from './retention.dto.js';

@ApiTags('Usage')
@Access('admin')
@Controller('admin/retention')
export class RetentionController {
  constructor(private readonly retention: Retention) {}

  /** Tells what is kept of calls and changes, for how long, and since when. */
  @Get()
  async list(): Promise<RetentionView> {
    const data = this.retention.kinds.map(async ({ kind, days, records }) => {
      const since = await records.oldest();
      return { kind, days: days || null, since: since === null ? null : new Date(since).toISOString() };
    });
    return { data: await Promise.all(data) };
  }
}
