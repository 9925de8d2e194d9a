import { InvalidRequestError } from '@app/shared';
import type { ImageBytes, ImageRequest, ImageTask } from '../domain/images.js';
import { isObject, recordsOf, stringOr, type Wire } from '../domain/wire.js';

const SIZE = /^(\d{1,5})x(\d{1,5})$/;
const DATA_URL = /^data:(image\/[\w.+-]+);base64,([A-Za-z0-9+/=\s]+)$/;
const READ = new Set(['model', 'prompt', 'size', 'stream', 'image', 'images']);

/**
 * OpenAI's request for pictures, read to be said in another dialect.
 *
 * @param fields of the JSON body, or of the form
 * @param uploaded the pictures of a form
 * @throws InvalidRequestError (400) naming the field
 */
export function readImageRequest(
  task: ImageTask,
  fields: Wire,
  uploaded: readonly ImageBytes[],
): ImageRequest {
  const prompt = fields['prompt'] ?? '';
  if (typeof prompt !== 'string' || (prompt === '' && task !== 'variations')) {
    throw new InvalidRequestError("Send 'prompt', a text that says what to show.", 'prompt');
  }
  const images = [...uploaded, ...recordsOf(fields['images']).map(readReference)];
  if (images.length === 0 && task !== 'generations') {
    throw new InvalidRequestError("Send a picture, in the field 'image' of a form.", 'image');
  }
  const others = Object.entries(fields).filter(([name, value]) => !READ.has(name) && says(value));
  return { task, prompt, images, size: readSize(fields['size']), others: Object.fromEntries(others) };
}

/** JSON bodies name pictures by URL or by the id of a file. */
function readReference(image: Wire): ImageBytes {
  const url = isObject(image['image_url']) ? image['image_url']['url'] : image['image_url'];
  const [, mime, base64] = DATA_URL.exec(stringOr(url, '')) ?? [];
  if (mime === undefined || base64 === undefined) {
    throw new InvalidRequestError(
      "This model takes pictures of 'images' as data URLs (`data:image/png;base64,…`) only.",
      'images',
    );
  }
  return { mime, base64 };
}

function readSize(size: unknown): ImageRequest['size'] {
  if (!says(size) || size === 'auto') {
    return null;
  }
  const [, width, height] = SIZE.exec(stringOr(size, '')) ?? [];
  if (!Number(width) || !Number(height)) {
    throw new InvalidRequestError("'size' must be auto, or a width and a height such as 1024x1024.", 'size');
  }
  return { width: Number(width), height: Number(height) };
}

function says(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
