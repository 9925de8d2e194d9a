import type { CacheMark, MediaPart, Part, TextPart } from '../domain/part.js';
import { loseMark } from '../openai-chat/cache-marks.js';
import { cacheLifetime } from '../openai-chat/part.writer.js';
import type { Wire } from '../domain/wire.js';
import { lose, type WriteContext } from '../openai-chat/write-context.js';

type TextType = 'input_text' | 'output_text';

/** Parts of a message or of a tool's output; what has no place there is reported. */
export function writeContent(parts: readonly Part[], textType: TextType, context: WriteContext): Wire[] {
  return parts.map(part => writePart(part, textType, context)).filter(wire => wire !== null);
}

/** One text without anything on it. */
export function plainText(content: readonly Wire[]): string | null {
  const [only] = content;
  const isPlain = content.length === 1 && only?.['type'] === 'input_text' && Object.keys(only).length === 2;
  return isPlain ? (only['text'] as string) : null;
}

function writePart(part: Part, textType: TextType, context: WriteContext): Wire | null {
  switch (part.kind) {
    case 'text':
      return writeText(part, textType, context);
    case 'refusal':
      return textType === 'output_text'
        ? { type: 'refusal', refusal: part.text }
        : { type: textType, text: part.text };
    case 'media':
      return textType === 'output_text'
        ? refuse(part, context, 'takes no media in an assistant turn')
        : writeMedia(part, context);
    case 'native':
      if (part.dialect === 'openai-responses') {
        return part.value as Wire;
      }
      lose(
        context,
        'dropped',
        'messages.content',
        `A content part that only ${part.dialect} knows was left out.`,
      );
      return null;
    default:
      context.losses.refused('messages.content', `Responses takes no ${part.kind} there.`);
      return null;
  }
}

function writeText({ text, cache }: TextPart, type: TextType, context: WriteContext): Wire {
  if (type === 'output_text') {
    loseMark(cache, context);
    return { type, text };
  }
  return { type, text, ...writeMark(cache, context) };
}

function writeMark(cache: CacheMark | undefined, context: WriteContext): Wire {
  const ttl = cache ? cacheLifetime(cache.ttl, context) : null;
  return ttl === null ? {} : { prompt_cache_breakpoint: { mode: 'explicit', ...(ttl && { ttl }) } };
}

function writeMedia(part: MediaPart, context: WriteContext): Wire | null {
  const { traits } = context.target;
  if (part.media === 'image') {
    return traits.images === false
      ? refuse(part, context, 'does not read images')
      : writeImage(part, context);
  }
  if (part.media === 'document') {
    return traits.documents === false
      ? refuse(part, context, 'does not read documents')
      : writeDocument(part, context);
  }
  return refuse(part, context, `takes no ${part.media} by way of Responses`);
}

function writeImage(part: MediaPart, context: WriteContext): Wire | null {
  const { source, mime, detail } = part;
  const url =
    source.kind === 'base64'
      ? `data:${mime ?? ''};base64,${source.data}`
      : source.kind === 'url'
        ? source.url
        : null;
  return url === null
    ? refuse(part, context, 'takes images as a URL or inline only')
    : {
        type: 'input_image',
        image_url: url,
        ...(detail !== undefined && { detail }),
        ...writeMark(part.cache, context),
      };
}

function writeDocument(part: MediaPart, context: WriteContext): Wire | null {
  if (part.citable) {
    lose(context, 'dropped', 'messages.content.citations', 'Responses cites no documents of the caller.');
  }
  if (part.context !== undefined) {
    lose(
      context,
      'dropped',
      'messages.content.context',
      'Responses has no field for the context of a document.',
    );
  }
  const { source, mime, filename } = part;
  const mark = writeMark(part.cache, context);
  const name = filename !== undefined && { filename };
  switch (source.kind) {
    case 'base64': {
      const file_data = `data:${mime ?? 'application/pdf'};base64,${source.data}`;
      // OpenAI refuses inline files without a name.
      return { type: 'input_file', filename: filename ?? 'document.pdf', file_data, ...mark };
    }
    case 'url':
      return { type: 'input_file', file_url: source.url, ...name, ...mark };
    case 'text':
      lose(
        context,
        'approximated',
        'messages.content.document',
        'A document given as text was sent as text.',
      );
      return {
        type: 'input_text',
        text: filename === undefined ? source.text : `Document: ${filename}\n\n${source.text}`,
        ...mark,
      };
    default:
      return refuse(part, context, "cannot read another vendor's file");
  }
}

function refuse(part: MediaPart, { target, losses }: WriteContext, why: string): null {
  losses.refused(
    `messages.content.${part.media}`,
    `The model '${target.model}' at '${target.vendor}' ${why}.`,
  );
  return null;
}
