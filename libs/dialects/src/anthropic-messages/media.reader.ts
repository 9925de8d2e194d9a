import type { MediaPart, MediaSource, NativePart } from '../domain/part.js';
import { at, optionalText, requiredObject, requiredText } from '../domain/fields.js';
import { objectAt, objectsAt, textAt, type Wire, withoutUndefined } from '../domain/wire.js';
import { readCacheMark } from './cache-marks.js';
import { nativePart } from './content.reader.js';
import type { ReadContext } from './read-context.js';
import { whole } from './rendered.js';

const IMAGE_KEYS: ReadonlySet<string> = new Set(['type', 'source', 'cache_control']);
const DOCUMENT_KEYS: ReadonlySet<string> = new Set([...IMAGE_KEYS, 'title', 'context', 'citations']);

interface Source {
  readonly source: MediaSource;
  readonly mime?: string;
}

export function readImage(block: Wire, path: string, context: ReadContext): MediaPart | NativePart {
  const read = readSource(block, path);
  return read
    ? withoutUndefined({
        kind: 'media' as const,
        media: 'image' as const,
        ...read,
        cache: readCacheMark(block),
        native: context.rest(block, IMAGE_KEYS, 'messages.content'),
      })
    : nativePart(block);
}

export function readDocument(block: Wire, path: string, context: ReadContext): MediaPart | NativePart {
  const read = readSource(block, path);
  if (!read) {
    return ofPieces(block);
  }
  return withoutUndefined({
    kind: 'media' as const,
    media: 'document' as const,
    ...read,
    filename: optionalText(block, 'title', path),
    context: optionalText(block, 'context', path),
    citable: isCitable(block) || undefined,
    cache: readCacheMark(block),
    native: context.rest(block, DOCUMENT_KEYS, 'messages.content'),
  });
}

/** Null for a source that only this dialect knows. */
function readSource(block: Wire, path: string): Source | null {
  const source = requiredObject(block, 'source', path, 'an object with `type`');
  const inner = at(path, 'source');
  switch (requiredText(source, 'type', inner)) {
    case 'base64':
      return {
        source: { kind: 'base64', data: requiredText(source, 'data', inner, 'base64 text') },
        mime: requiredText(source, 'media_type', inner, 'a media type such as "image/png"'),
      };
    case 'url':
      return { source: { kind: 'url', url: requiredText(source, 'url', inner) } };
    case 'file':
      return { source: { kind: 'file', id: requiredText(source, 'file_id', inner) } };
    case 'text':
      return { source: { kind: 'text', text: requiredText(source, 'data', inner) }, mime: 'text/plain' };
    default:
      return null;
  }
}

function isCitable(block: Wire): boolean {
  return objectAt(block, 'citations')?.['enabled'] === true;
}

/** A document given as content blocks, of which others read the text. */
function ofPieces(block: Wire): MediaPart | NativePart {
  const source = objectAt(block, 'source') ?? {};
  const text = textAt(source, 'content') || textOf(source);
  return text === '' ? nativePart(block) : asDocument(block, text, textAt(block, 'context'));
}

/** A passage that was found: for others a document with its text, whose context is where it was found. */
export function readSearchResult(block: Wire): MediaPart | NativePart {
  const text = textOf(block);
  return text === '' ? nativePart(block) : asDocument(block, text, textAt(block, 'source'));
}

function asDocument(block: Wire, text: string, context: string): MediaPart {
  return withoutUndefined({
    kind: 'media' as const,
    media: 'document' as const,
    mime: 'text/plain',
    source: { kind: 'text' as const, text },
    filename: textAt(block, 'title') || undefined,
    context: context || undefined,
    citable: isCitable(block) || undefined,
    native: whole(block),
  });
}

function textOf(wire: Wire): string {
  return objectsAt(wire, 'content')
    .map(piece => textAt(piece, 'text'))
    .filter(text => text !== '')
    .join('\n\n');
}

/** A file for the code that Anthropic runs. */
export function readContainerUpload(block: Wire, path: string): MediaPart {
  return {
    kind: 'media',
    media: 'document',
    source: { kind: 'file', id: requiredText(block, 'file_id', path) },
    native: whole(block),
  };
}
