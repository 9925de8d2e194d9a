import type {
  Citation,
  MediaPart,
  MediaSource,
  NativePart,
  Part,
  RefusalPart,
  TextPart,
} from '../domain/part.js';
import { cacheOf } from '../openai-chat/cache-marks.js';
import { at, invalid, objectIn, optionalText, requiredObject, requiredText } from '../domain/fields.js';
import { readUrl } from '../openai-chat/part.reader.js';
import { isAbsent, objectsAt, textAt, type Wire, withoutUndefined } from '../domain/wire.js';

type ContentPart = TextPart | RefusalPart | MediaPart | NativePart;

/** `content` of a message or `output` of a tool: a string, for an assistant too, is one text part. */
export function readContent(item: Wire, field: 'content' | 'output', path: string): ContentPart[] {
  const content = item[field];
  if (isAbsent(content)) {
    return [];
  }
  if (typeof content === 'string') {
    return [{ kind: 'text', text: content }];
  }
  if (!Array.isArray(content)) {
    throw invalid(at(path, field), 'a string or a list of parts');
  }
  return content.map((part, index) => readPart(part, `${path}.${field}[${index}]`));
}

export function isResultPart(part: Part): part is TextPart | MediaPart | NativePart {
  return part.kind === 'text' || part.kind === 'media' || part.kind === 'native';
}

function readPart(value: unknown, path: string): ContentPart {
  const part = objectIn(value, path, 'a part such as {"type": "input_text", "text": …}');
  switch (requiredText(part, 'type', path)) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return readText(part, path);
    case 'refusal':
      return { kind: 'refusal', text: requiredText(part, 'refusal', path) };
    case 'input_image':
      return readImage(part, path);
    case 'input_file':
      return readFile(part, path);
    case 'input_audio':
      return readAudio(part, path);
    default:
      return { kind: 'native', dialect: 'openai-responses', value: part };
  }
}

function readText(part: Wire, path: string): TextPart {
  const citations = objectsAt(part, 'annotations').map(readAnnotation);
  return withoutUndefined({
    kind: 'text' as const,
    text: requiredText(part, 'text', path),
    cache: cacheOf(part),
    citations: citations.length > 0 ? citations : undefined,
  });
}

/** Pages are common property; files and containers are the vendor's own and stay in `native`. */
export function readAnnotation(annotation: Wire): Citation {
  const { start_index: start, end_index: end, url, title } = annotation;
  return {
    ...(typeof url === 'string' && { url }),
    ...(typeof title === 'string' && { title }),
    ...(typeof start === 'number' && { start }),
    ...(typeof end === 'number' && { end }),
    native: annotation,
  };
}

function readImage(part: Wire, path: string): MediaPart {
  const id = optionalText(part, 'file_id', path);
  return withoutUndefined({
    kind: 'media' as const,
    media: 'image' as const,
    ...(id === undefined
      ? readUrl(
          requiredText(part, 'image_url', path, 'an https: or data: URL, or `file_id`'),
          at(path, 'image_url'),
        )
      : { source: { kind: 'file' as const, id } }),
    detail: optionalText(part, 'detail', path),
    cache: cacheOf(part),
  });
}

function readFile(part: Wire, path: string): MediaPart {
  return withoutUndefined({
    kind: 'media' as const,
    media: 'document' as const,
    ...readFileSource(part, path),
    filename: optionalText(part, 'filename', path),
    cache: cacheOf(part),
  });
}

function readFileSource(part: Wire, path: string): { source: MediaSource; mime?: string } {
  const id = optionalText(part, 'file_id', path);
  const url = optionalText(part, 'file_url', path);
  const data = optionalText(part, 'file_data', path);
  if (id !== undefined) {
    return { source: { kind: 'file', id } };
  }
  if (data !== undefined) {
    const inner = at(path, 'file_data');
    return /^data:/i.test(data.slice(0, 5)) ? readUrl(data, inner) : { source: { kind: 'base64', data } };
  }
  if (url === undefined) {
    throw invalid(path, 'an object with `file_data`, `file_url` or `file_id`');
  }
  return { source: { kind: 'url', url } };
}

function readAudio(part: Wire, path: string): MediaPart {
  const audio = requiredObject(part, 'input_audio', path, 'an object with `data` and `format`');
  const inner = at(path, 'input_audio');
  return {
    kind: 'media',
    media: 'audio',
    mime: `audio/${textAt(audio, 'format')}`,
    source: { kind: 'base64', data: requiredText(audio, 'data', inner, 'base64 text') },
  };
}
