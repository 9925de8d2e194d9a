import { Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { Access, type Author, By } from '@app/shared';
import { Repricing } from '../domain/corrections/repricing.service.js';
import { RepricingQuery, RepricingView } from './repricing.dto.js';

@ApiTags('Prices')
@Access('admin')
@Controller('admin/prices')
export class RepricingController {
  constructor(private readonly repricing: Repricing) {}

  /** Reckons past calls anew by the prices of some version, and tells what would change; with `dryRun=false` it leaves corrections. */
  @ApiConflictResponse()
  @Post('reprice')
  @HttpCode(200)
  reprice(@By() by: Author, @Query() { from, to, ...order }: RepricingQuery): Promise<RepricingView> {
    return this.repricing.run(by, { ...order, from: Date.parse(from), to: Date.parse(to) });
  }
}
