import type {
  Base64ImageSource,
  DocumentBlockParam,
  ImageBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { MediaPart } from '../domain/part.js';
import { cacheControl } from './cache-marks.js';
import { asItWas, wholeBlock } from './rendered.js';
import type { WriteContext } from './write-context.js';

/** Base64 of `%PDF-`. */
const PDF_START = 'JVBERi';

/** An image or document block; null when Anthropic cannot take the part, which is then reported as refused. */
export function writeMedia(
  part: MediaPart,
  context: WriteContext,
): ImageBlockParam | DocumentBlockParam | null {
  const block = wholeBlock<DocumentBlockParam>(part.native, context) ?? writeBlock(part, context);
  return block && asItWas(block, part.native, context);
}

function writeBlock(part: MediaPart, context: WriteContext): ImageBlockParam | DocumentBlockParam | null {
  const { traits } = context.target;
  switch (part.media) {
    case 'image':
      return traits.images === false
        ? refuse(part, context, 'does not read images')
        : writeImage(part, context);
    case 'document':
      return traits.documents === false
        ? refuse(part, context, 'does not read documents')
        : writeDocument(part, context);
    default:
      return refuse(part, context, `does not take ${part.media}`);
  }
}

function writeImage(part: MediaPart, context: WriteContext): ImageBlockParam | null {
  const source = imageSource(part, context);
  if (!source) {
    return null;
  }
  if (part.detail && part.detail !== 'auto') {
    context.losses.dropped('image_url.detail', 'Anthropic has no resolution setting for images.');
  }
  return { type: 'image', source, ...cacheControl(part.cache, context.losses) };
}

function imageSource(part: MediaPart, context: WriteContext): ImageBlockParam['source'] | null {
  const { source, mime } = part;
  switch (source.kind) {
    case 'base64':
      return mime
        ? { type: 'base64', media_type: mime as Base64ImageSource['media_type'], data: source.data }
        : refuse(part, context, 'needs the media type of an image');
    case 'url':
      return { type: 'url', url: source.url };
    case 'file':
      return context.native
        ? { type: 'file', file_id: source.id }
        : refuse(part, context, "cannot read another vendor's file");
    default:
      return refuse(part, context, 'does not take an image as text');
  }
}

function writeDocument(part: MediaPart, context: WriteContext): DocumentBlockParam | null {
  const source = documentSource(part, context);
  return (
    source && {
      type: 'document',
      source,
      ...(part.filename && { title: part.filename }),
      ...(part.context && { context: part.context }),
      ...(part.citable && { citations: { enabled: true } }),
      ...cacheControl(part.cache, context.losses),
    }
  );
}

function documentSource(part: MediaPart, context: WriteContext): DocumentBlockParam['source'] | null {
  const { source, mime } = part;
  switch (source.kind) {
    case 'text':
      return { type: 'text', media_type: 'text/plain', data: source.text };
    case 'url':
      return { type: 'url', url: source.url };
    case 'file':
      return context.native
        ? { type: 'file', file_id: source.id }
        : refuse(part, context, "cannot read another vendor's file");
    default:
      if (mime === 'application/pdf' || (!mime && source.data.startsWith(PDF_START))) {
        return { type: 'base64', media_type: 'application/pdf', data: source.data };
      }
      if (mime?.startsWith('text/')) {
        const data = Buffer.from(source.data, 'base64').toString('utf8');
        return { type: 'text', media_type: 'text/plain', data };
      }
      return refuse(part, context, 'reads documents as PDF or plain text only');
  }
}

function refuse(part: MediaPart, { target, losses }: WriteContext, why: string): null {
  losses.refused(`messages.content.${part.media}`, `The model '${target.model}' ${why}.`);
  return null;
}
