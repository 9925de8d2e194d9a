import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { AnomalyWatch } from '../domain/forecast/anomalies.service.js';
import { Forecasts } from '../domain/forecast/forecasts.service.js';
import { CsvInterceptor } from './csv.interceptor.js';
import { type AnomaliesView, ForecastQuery, type ForecastView } from './forecast.dto.js';
import { toAnomaliesView, toForecastView } from './forecast.view.js';

@ApiTags('Usage')
@Access('admin')
@Controller('admin/analytics')
@ApiProduces('application/json', 'text/csv')
@UseInterceptors(CsvInterceptor)
export class ForecastController {
  constructor(
    private readonly forecasts: Forecasts,
    private readonly anomalies: AnomalyWatch,
  ) {}

  /** Tells what this month will cost by its end, by the last 28 days, and how sure that is. */
  @Get('forecast')
  async forecast(@Query() { projectId, groupBy }: ForecastQuery): Promise<ForecastView> {
    return toForecastView(await this.forecasts.of({ projectId, perProject: groupBy === 'project' }));
  }

  /** Tells the hours of the last day whose spend or share of errors is unlike the same hour of the 14 days before. */
  @Get('anomalies')
  async unusual(@Query() { projectId, groupBy }: ForecastQuery): Promise<AnomaliesView> {
    return toAnomaliesView(await this.anomalies.of({ projectId, perProject: groupBy === 'project' }));
  }
}
