import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Param, Post, Req, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { meterOf, UsageInterceptor } from '@app/analytics';
import {
  batchEmbedContentsClient,
  embedContentClient,
  embedContentOpenApi,
  type EmbeddingClient,
} from '@app/dialects';
import type { VendorTasks } from '@app/providers';
import { Access, callOf, type ProjectRequest, Reply } from '@app/shared';
import { TaskService } from '../domain/task.service.js';
import { readBody } from './body.reader.js';
import { nameOf } from './model-name.js';

@Access('project')
@ApiTags('Embeddings')
@Controller(['v1/models', 'v1beta/models', 'v1alpha/models'])
@UseInterceptors(UsageInterceptor)
export class EmbedContentController {
  constructor(private readonly tasks: TaskService) {}

  /** Turns one text into a vector, in Google's format, at any vendor that makes vectors. */
  @Post('*model\\:embedContent')
  @HttpCode(200)
  @ApiParam(embedContentOpenApi.model)
  @ApiBody(embedContentOpenApi.one.body)
  @ApiResponse(embedContentOpenApi.one.response)
  one(
    @Req() request: ProjectRequest,
    @Reply() reply: ServerResponse,
    @Param('model') model: string | string[],
  ): Promise<void> {
    return this.run(embedContentClient, { request, reply, model });
  }

  /** Turns texts into vectors, in Google's format, at any vendor that makes vectors. */
  @Post('*model\\:batchEmbedContents')
  @HttpCode(200)
  @ApiParam(embedContentOpenApi.model)
  @ApiBody(embedContentOpenApi.batch.body)
  @ApiResponse(embedContentOpenApi.batch.response)
  many(
    @Req() request: ProjectRequest,
    @Reply() reply: ServerResponse,
    @Param('model') model: string | string[],
  ): Promise<void> {
    return this.run(batchEmbedContentsClient, { request, reply, model });
  }

  private run(client: EmbeddingClient, { request, reply, model }: Called): Promise<void> {
    const call = callOf(request);
    return this.tasks.run(
      { client, of: ({ embeddings }: VendorTasks) => embeddings },
      {
        call,
        meter: meterOf(request),
        body: readBody(request, call.bodyLimitBytes),
        reply,
        model: nameOf(model),
      },
    );
  }
}

interface Called {
  readonly request: ProjectRequest;
  readonly reply: ServerResponse;
  readonly model: string | string[];
}
