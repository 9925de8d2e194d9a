import { Injectable } from '@nestjs/common';
import { FormUploadInterceptor } from '@app/inference';
import { Config } from '@app/shared';

/** Receives the form of a transcription with its one file. */
@Injectable()
export class AudioUploadInterceptor extends FormUploadInterceptor {
  constructor(config: Config) {
    super(config, {
      most: 1,
      take: form => form.single('file'),
      hint: "Send one file, in the field 'file'.",
      field: 'file',
    });
  }
}
