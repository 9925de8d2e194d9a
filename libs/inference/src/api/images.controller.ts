import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiResponse } from '@nestjs/swagger';
import { meterOf, UsageInterceptor } from '@app/analytics';
import { imageOpenApi, type ImageTask } from '@app/dialects';
import { Access, callOf, type ProjectRequest, Reply } from '@app/shared';
import { type ImageBody, imageBodyOfForm, imageBodyOfJson } from '../domain/images/image-body.js';
import { ImagesService } from '../domain/images/images.service.js';
import { readBody } from './body.reader.js';
import { ImageUploadInterceptor } from './image-upload.interceptor.js';

type FormRequest = ProjectRequest & {
  readonly files?: readonly Express.Multer.File[];
  readonly body?: Readonly<Record<string, unknown>>;
};

@Access('project')
@Controller('v1/images')
@UseInterceptors(UsageInterceptor, ImageUploadInterceptor)
export class ImagesController {
  constructor(private readonly images: ImagesService) {}

  /** Makes pictures from a text. */
  @Post('generations')
  @HttpCode(200)
  @ApiBody(imageOpenApi.generations)
  @ApiResponse(imageOpenApi.response)
  generate(@Req() request: FormRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.run('generations', request, reply);
  }

  /** Changes pictures, or makes new ones of them, as a text says. */
  @Post('edits')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiBody(imageOpenApi.edits)
  @ApiResponse(imageOpenApi.response)
  edit(@Req() request: FormRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.run('edits', request, reply);
  }

  /** Makes pictures that are like another one. */
  @Post('variations')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data')
  @ApiBody(imageOpenApi.variations)
  @ApiResponse(imageOpenApi.response)
  vary(@Req() request: FormRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.run('variations', request, reply);
  }

  private async run(task: ImageTask, request: FormRequest, reply: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    await this.images.run({ call: callOf(request), meter: meterOf(request), task, body, reply });
  }
}

async function bodyOf(request: FormRequest): Promise<ImageBody> {
  const call = callOf(request);
  if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) {
    return imageBodyOfJson(await readBody(request, call.bodyLimitBytes), call);
  }
  const files = (request.files ?? []).map(({ fieldname, path, originalname, mimetype }) => ({
    field: fieldname,
    path,
    name: originalname,
    mime: mimetype,
  }));
  return imageBodyOfForm({ ...request.body }, files, call);
}
