import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { meterOf, UsageInterceptor } from '@app/analytics';
import { embeddingClient, embeddingsOpenApi } from '@app/dialects';
import type { VendorTasks } from '@app/providers';
import { Access, callOf, type ProjectRequest, Reply } from '@app/shared';
import { TaskService } from '../domain/task.service.js';
import { readBody } from './body.reader.js';

@Access('project')
@Controller('v1/embeddings')
@UseInterceptors(UsageInterceptor)
export class EmbeddingsController {
  constructor(private readonly tasks: TaskService) {}

  /** Turns texts into vectors, at any vendor that makes them. */
  @Post()
  @HttpCode(200)
  @ApiBody(embeddingsOpenApi.body)
  @ApiResponse(embeddingsOpenApi.response)
  create(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const call = callOf(request);
    const body = readBody(request, call.bodyLimitBytes);
    const task = { client: embeddingClient, of: ({ embeddings }: VendorTasks) => embeddings };
    return this.tasks.run(task, { call, meter: meterOf(request), body, reply });
  }
}
