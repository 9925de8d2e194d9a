import { Injectable } from '@nestjs/common';
import { Config } from '@app/shared';
import { FormUploadInterceptor } from './form-upload.interceptor.js';

/** As many pictures as OpenAI takes, and beside them a mask and a markup. */
const MOST_IMAGES = 16;

/** Receives the form of an edit or a variation. */
@Injectable()
export class ImageUploadInterceptor extends FormUploadInterceptor {
  constructor(config: Config) {
    super(config, {
      most: MOST_IMAGES + 2,
      take: form => form.any(),
      hint: `Send at most ${MOST_IMAGES} pictures, in fields 'image[]', and a 'mask'.`,
      field: 'image',
    });
  }
}
