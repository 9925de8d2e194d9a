import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { Registry } from 'prom-client';
import { LedgerMetrics } from './ledger-metrics.js';

@ApiTags('Usage')
@Access('admin')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: LedgerMetrics) {}

  /** Tells how usage records fare on their way to the store, and how realtime sessions fare, as Prometheus reads it. */
  @Get()
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  read(): Promise<string> {
    return this.metrics.text();
  }
}
