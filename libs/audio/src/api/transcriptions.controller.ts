import type { ServerResponse } from 'node:http';
import { applyDecorators, Controller, HttpCode, Post, Req, type Type, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { meterOf, UsageInterceptor } from '@app/analytics';
import { firstOfModels } from '@app/inference';
import { Access, callOf, InvalidRequestError, type ProjectRequest, Reply } from '@app/shared';
import { type ListeningTask, readFields } from '../domain/transcription.fields.js';
import { TranscriptionService } from '../domain/transcription.service.js';
import { AudioUploadInterceptor } from './audio-upload.interceptor.js';
import { TranscriptionAnswer, TranscriptionForm, TranslationForm } from './transcription.dto.js';

const FILE_HASH = { description: 'SHA-256 of the file, hex.', schema: { type: 'string' } } as const;

const Describe = (form: Type): MethodDecorator =>
  applyDecorators(
    ApiConsumes('multipart/form-data'),
    ApiBody({ type: form }),
    ApiProduces('application/json', 'text/plain'),
    ApiOkResponse({ type: TranscriptionAnswer, headers: { 'x-llmhub-file-hash': FILE_HASH } }),
  );

type FormRequest = ProjectRequest & {
  readonly file?: Express.Multer.File;
  readonly body?: Readonly<Record<string, unknown>>;
};

@Access('project')
@ApiTags('Audio')
@Controller('v1/audio')
@UseInterceptors(UsageInterceptor, AudioUploadInterceptor)
export class TranscriptionsController {
  constructor(private readonly transcriptions: TranscriptionService) {}

  /** Turns speech into text. `response_format` chooses JSON, plain text or subtitles. */
  @Post('transcribe')
  @HttpCode(200)
  @Describe(TranscriptionForm)
  transcribe(@Req() request: FormRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.run('transcriptions', request, reply);
  }

  /** Turns speech into text, at the path that OpenAI's SDKs call. */
  @Post('transcriptions')
  @HttpCode(200)
  @Describe(TranscriptionForm)
  create(@Req() request: FormRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.run('transcriptions', request, reply);
  }

  /** Turns speech in any language into English text. `response_format` chooses JSON, plain text or subtitles. */
  @Post('translations')
  @HttpCode(200)
  @Describe(TranslationForm)
  translate(@Req() request: FormRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.run('translations', request, reply);
  }

  private async run(task: ListeningTask, request: FormRequest, reply: ServerResponse): Promise<void> {
    const { file } = request;
    const call = callOf(request);
    const ofProject = task === 'transcriptions' ? call.defaultTranscriptionModel : null;
    const fields = readFields(task, { ...request.body }, firstOfModels(call.routing) ?? ofProject);
    if (!file) {
      throw new InvalidRequestError("Send the audio as multipart form data, in the field 'file'.", 'file');
    }
    await this.transcriptions.run({
      call,
      meter: meterOf(request),
      task,
      fields,
      file: { path: file.path, name: file.originalname, mime: file.mimetype, bytes: file.size },
      reply,
    });
  }
}
