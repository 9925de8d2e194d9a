import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { meterOf, UsageInterceptor } from '@app/analytics';
import { moderationClient, moderationOpenApi } from '@app/dialects';
import type { VendorTasks } from '@app/providers';
import { Access, callOf, type ProjectRequest, Reply } from '@app/shared';
import { TaskService } from '../domain/task.service.js';
import { readBody } from './body.reader.js';

@Access('project')
@Controller('v1/moderations')
@UseInterceptors(UsageInterceptor)
export class ModerationsController {
  constructor(private readonly tasks: TaskService) {}

  /** Judges whether texts are harmful, in OpenAI’s format. */
  @Post()
  @HttpCode(200)
  @ApiBody(moderationOpenApi.body)
  @ApiResponse(moderationOpenApi.response)
  create(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const call = callOf(request);
    const body = readBody(request, call.bodyLimitBytes);
    const task = { client: moderationClient, of: ({ moderation }: VendorTasks) => moderation };
    return this.tasks.run(task, { call, meter: meterOf(request), body, reply });
  }
}
