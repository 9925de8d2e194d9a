import { Controller, Delete, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { RequestIdInterceptor } from '@app/inference';
import { Access, callOf, type ProjectRequest } from '@app/shared';
import { TranscriptionHistory } from '../domain/history/transcription-history.service.js';
import {
  type DeletedTranscription,
  type TranscriptionList,
  TranscriptionQuery,
  type TranscriptionView,
} from './transcription-history.dto.js';
import { toList, toView } from './transcription-history.view.js';

/** What was heard for the project, where it keeps that. */
@Access('project')
@Controller('v1/audio/transcriptions')
@UseInterceptors(RequestIdInterceptor)
export class TranscriptionHistoryController {
  constructor(private readonly history: TranscriptionHistory) {}

  /** Lists the recordings that were heard, latest first; a key that is limited to some models or vendors sees its own only. */
  @Get()
  async list(
    @Req() request: ProjectRequest,
    @Query() { limit, after, file_hash: fileHash }: TranscriptionQuery,
  ): Promise<TranscriptionList> {
    return toList(await this.history.list(callOf(request), { limit, after, fileHash }), limit);
  }

  /** Tells of one recording that was heard, with its text where the project keeps that. */
  @Get(':id')
  async find(@Req() request: ProjectRequest, @Param('id') id: string): Promise<TranscriptionView> {
    return toView(await this.history.get(callOf(request), id));
  }

  /** Deletes what is kept of one recording. */
  @Delete(':id')
  async remove(@Req() request: ProjectRequest, @Param('id') id: string): Promise<DeletedTranscription> {
    await this.history.delete(callOf(request), id);
    return { id, object: 'audio.transcription', deleted: true };
  }
}
