import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import { ApiConflictResponse } from '@nestjs/swagger';
import { Access, type Author, By, Conditional, EntityTagInterceptor, PageQuery } from '@app/shared';
import type { AlertState } from '../domain/alert-state.js';
import { Alert, CreatedAlert } from '../domain/alert.entity.js';
import { AlertsService } from '../domain/alerts.service.js';
import { AlertPage, AlertStateView, AlertTest, CreateAlert, UpdateAlert } from './alerts.dto.js';

@Access('admin')
@Controller('admin/alerts')
@UseInterceptors(EntityTagInterceptor)
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  /** Has something told by a webhook, from a few seconds on. The secret that signs it is shown here and never again. */
  @ApiConflictResponse()
  @Post()
  create(@By() by: Author, @Body() alert: CreateAlert): Promise<CreatedAlert> {
    return this.alerts.create(by, alert);
  }

  /** Lists the alerts, oldest first. */
  @Get()
  list(@Query() page: PageQuery): Promise<AlertPage> {
    return this.alerts.list(page);
  }

  /** Shows an alert. */
  @Get(':id')
  get(@Param('id') id: string): Promise<Alert> {
    return this.alerts.get(id);
  }

  /** Shows which thresholds are reached now, and what waits to be told. */
  @Get(':id/state')
  async state(@Param('id') id: string): Promise<AlertStateView> {
    return toView(await this.alerts.state(id));
  }

  /** Changes an alert, also where it goes. */
  @Patch(':id')
  @Conditional()
  update(@By() by: Author, @Param('id') id: string, @Body() change: UpdateAlert): Promise<Alert> {
    return this.alerts.update(by, id, change);
  }

  /** Deletes an alert. */
  @Delete(':id')
  @HttpCode(204)
  @Conditional()
  delete(@By() by: Author, @Param('id') id: string): Promise<void> {
    return this.alerts.delete(by, id);
  }

  /** Sends a test to an alert's webhook, once, and tells what came of it. */
  @Post(':id/test')
  @HttpCode(200)
  async test(@By() by: Author, @Param('id') id: string): Promise<AlertTest> {
    const { status, failure } = await this.alerts.test(by, id);
    return { delivered: failure === null, status, failure };
  }
}

function toView({ firing, due }: AlertState): AlertStateView {
  return {
    firing: firing.map(({ since, ...one }) => ({ ...one, since: new Date(since).toISOString() })),
    due: due.map(({ id, type, subject, threshold, attempts, failure = null, nextAt }) => ({
      id,
      type: type === 'resolved' ? type : 'firing',
      subject,
      threshold,
      attempts,
      failure,
      nextAt: new Date(nextAt).toISOString(),
    })),
  };
}
