import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, Metrics } from '@app/shared';
import { Registry } from 'prom-client';

@ApiTags('Usage')
@Access('admin')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** Tells how this gateway fares, as Prometheus reads it: calls, tokens, money, vendors, usage records, realtime sessions, the process. */
  @Get()
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  read(): Promise<string> {
    return this.metrics.text();
  }
}
