import type {
  MediaPart,
  MediaSource,
  NativePart,
  ReasoningPart,
  RefusalPart,
  TextPart,
} from '../domain/part.js';
import { cacheOf } from './cache-marks.js';
import { at, invalid, objectIn, optionalText, requiredObject, requiredText } from '../domain/fields.js';
import { isAbsent, isObject, leftover, textAt, type Wire, withoutUndefined } from '../domain/wire.js';

export type ContentPart = TextPart | RefusalPart | ReasoningPart | MediaPart | NativePart;

/** `content` of any message: a string is one text part. */
export function readContent(message: Wire, path: string): ContentPart[] {
  const content = message['content'];
  if (isAbsent(content)) {
    return [];
  }
  if (typeof content === 'string') {
    return [{ kind: 'text', text: content }];
  }
  if (!Array.isArray(content)) {
    throw invalid(at(path, 'content'), 'a string or a list of parts');
  }
  return content.map((part, index) => readPart(part, `${path}.content[${index}]`));
}

function readPart(value: unknown, path: string): ContentPart {
  const part = objectIn(value, path, 'a part such as {"type": "text", "text": …}');
  switch (requiredText(part, 'type', path)) {
    case 'text':
      return readText(part, path);
    case 'image_url':
      return readImage(part, path);
    case 'input_audio':
      return readAudio(part, path);
    case 'file':
      return readFile(part, path);
    case 'video_url':
      return readVideo(part, path);
    case 'refusal':
      return { kind: 'refusal', text: requiredText(part, 'refusal', path) };
    case 'thinking':
      return { kind: 'reasoning', text: thinkingText(part), native: part };
    default:
      return { kind: 'native', dialect: 'openai-chat', value: part };
  }
}

const TEXT_KEYS: ReadonlySet<string> = new Set(['type', 'text']);
const TYPE_KEY: ReadonlySet<string> = new Set(['type']);
const IMAGE_KEYS: ReadonlySet<string> = new Set(['url', 'detail']);
const AUDIO_KEYS: ReadonlySet<string> = new Set(['data', 'format']);
const FILE_KEYS: ReadonlySet<string> = new Set(['file_id', 'file_data', 'filename']);
const VIDEO_KEYS: ReadonlySet<string> = new Set(['url']);

function readText(part: Wire, path: string): TextPart {
  return withoutUndefined({
    kind: 'text' as const,
    text: requiredText(part, 'text', path),
    cache: cacheOf(part),
    native: leftover(part, TEXT_KEYS),
  });
}

function readImage(part: Wire, path: string): MediaPart {
  const image = requiredObject(part, 'image_url', path, 'an object with `url`');
  const inner = at(path, 'image_url');
  return withoutUndefined({
    kind: 'media' as const,
    media: 'image' as const,
    ...readUrl(requiredText(image, 'url', inner, 'an https: or data: URL'), at(inner, 'url')),
    detail: optionalText(image, 'detail', inner),
    cache: cacheOf(part),
    native: leftover(part, TYPE_KEY, 'image_url', IMAGE_KEYS),
  });
}

/** OpenRouter's and vLLM's part for video. */
function readVideo(part: Wire, path: string): MediaPart {
  const video = requiredObject(part, 'video_url', path, 'an object with `url`');
  const inner = at(path, 'video_url');
  return withoutUndefined({
    kind: 'media' as const,
    media: 'video' as const,
    ...readUrl(requiredText(video, 'url', inner, 'an https: or data: URL'), at(inner, 'url')),
    cache: cacheOf(part),
    native: leftover(part, TYPE_KEY, 'video_url', VIDEO_KEYS),
  });
}

function readAudio(part: Wire, path: string): MediaPart {
  const audio = requiredObject(part, 'input_audio', path, 'an object with `data` and `format`');
  const inner = at(path, 'input_audio');
  const format = requiredText(audio, 'format', inner, '"wav" or "mp3"');
  return withoutUndefined({
    kind: 'media' as const,
    media: 'audio' as const,
    mime: `audio/${format}`,
    source: { kind: 'base64' as const, data: requiredText(audio, 'data', inner, 'base64 text') },
    cache: cacheOf(part),
    native: leftover(part, TYPE_KEY, 'input_audio', AUDIO_KEYS),
  });
}

function readFile(part: Wire, path: string): MediaPart {
  const file = requiredObject(part, 'file', path, 'an object with `file_id` or `file_data`');
  const inner = at(path, 'file');
  const id = optionalText(file, 'file_id', inner);
  const data = optionalText(file, 'file_data', inner);
  if (id === undefined && data === undefined) {
    throw invalid(inner, 'an object with `file_id` or `file_data`');
  }
  return withoutUndefined({
    kind: 'media' as const,
    media: 'document' as const,
    ...(id !== undefined
      ? { source: { kind: 'file' as const, id } }
      : readData(data ?? '', at(inner, 'file_data'))),
    filename: optionalText(file, 'filename', inner),
    cache: cacheOf(part),
    native: leftover(part, TYPE_KEY, 'file', FILE_KEYS),
  });
}

/** `file_data` is a data URL; bare base64 is taken too. */
function readData(data: string, path: string): { source: MediaSource; mime?: string } {
  return /^(data|https?):/i.test(data.slice(0, 8))
    ? readUrl(data, path)
    : { source: { kind: 'base64', data } };
}

const DATA_HEAD = /^data:([^,]*?)(;base64)?,/i;

/** A data URL becomes base64; its prefix is taken off exactly once, and its media type kept with parameters. */
export function readUrl(url: string, path: string): { source: MediaSource; mime?: string } {
  if (!/^data:/i.test(url.slice(0, 5))) {
    return { source: { kind: 'url', url } };
  }
  const head = DATA_HEAD.exec(url.slice(0, 512));
  if (!head) {
    throw invalid(path, 'a data URL such as data:image/png;base64,…');
  }
  const [prefix, mime, base64] = head;
  const rest = url.slice(prefix.length);
  const data = base64 ? rest : Buffer.from(percentDecoded(rest, path)).toString('base64');
  return { source: { kind: 'base64', data }, ...(mime && { mime }) };
}

function percentDecoded(text: string, path: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(path, 'a data URL such as data:image/png;base64,…');
  }
}

/** Mistral's reasoning: `{type: 'thinking', thinking: [{type: 'text', text}]}`, or plain text. */
export function thinkingText(part: Wire): string {
  const { thinking } = part;
  if (typeof thinking === 'string') {
    return thinking;
  }
  return Array.isArray(thinking)
    ? thinking.map(piece => (isObject(piece) ? textAt(piece, 'text') : '')).join('')
    : '';
}
