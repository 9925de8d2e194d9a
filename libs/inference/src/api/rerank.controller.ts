import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { meterOf, UsageInterceptor } from '@app/analytics';
import { rerankClient, rerankOpenApi } from '@app/dialects';
import type { VendorTasks } from '@app/providers';
import { Access, callOf, type ProjectRequest, Reply } from '@app/shared';
import { TaskService } from '../domain/task.service.js';
import { readBody } from './body.reader.js';

@Access('project')
@Controller('v1/rerank')
@UseInterceptors(UsageInterceptor)
export class RerankController {
  constructor(private readonly tasks: TaskService) {}

  /** Puts documents in the order of their relevance to a query. */
  @Post()
  @HttpCode(200)
  @ApiBody(rerankOpenApi.body)
  @ApiResponse(rerankOpenApi.response)
  create(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const call = callOf(request);
    const body = readBody(request, call.bodyLimitBytes);
    const task = { client: rerankClient, of: ({ rerank }: VendorTasks) => rerank };
    return this.tasks.run(task, { call, meter: meterOf(request), body, reply });
  }
}
