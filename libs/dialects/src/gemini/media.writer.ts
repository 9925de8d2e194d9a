import type { Part as WirePart } from '@google/genai';
import type { MediaPart } from '../domain/part.js';
import { dropCacheMark, type WriteContext } from './write-context.js';
import { entryOf } from '../domain/wire.js';

/** Base64 of `%PDF-`. */
const PDF_START = 'JVBERi';

const FIELDS = { image: 'image_url', audio: 'input_audio', document: 'file', video: 'video' } as const;

/** Gemini wants to be told what is behind an address. https://ai.google.dev/gemini-api/docs/file-input-methods */
const MIME_OF_EXTENSION: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  csv: 'text/csv',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mpeg: 'video/mpeg',
};

/** The parts for one medium; none when Gemini cannot take it, which is then reported as refused. */
export function writeMedia(part: MediaPart, context: WriteContext): WirePart[] {
  dropCacheMark(part.cache, context.losses);
  const unable = inability(part, context);
  if (unable !== undefined) {
    return refuse(part, context, unable);
  }
  if (part.media === 'image' && part.detail && part.detail !== 'auto') {
    context.imageDetails.add(part.detail);
  }
  if (part.citable) {
    context.losses.dropped('messages.content.citations', 'Gemini cites no documents of the prompt.');
  }
  if (part.filename !== undefined && !context.native) {
    context.losses.dropped('messages.content.file.filename', 'Gemini takes documents without a name.');
  }
  const written = writeSource(part, context);
  return part.context ? [{ text: part.context }, ...written] : written;
}

function inability({ media }: MediaPart, { target: { traits } }: WriteContext): string | undefined {
  const reads = {
    image: traits.images,
    audio: traits.audioInput,
    document: traits.documents,
    video: undefined,
  };
  return reads[media] === false ? `does not read ${media} input` : undefined;
}

function writeSource(part: MediaPart, context: WriteContext): WirePart[] {
  const { source } = part;
  switch (source.kind) {
    case 'text':
      return source.text === '' ? [] : [{ text: source.text }];
    case 'url':
      return [{ fileData: fileData(source.url, part.mime ?? mimeOfName(source.url)) }];
    case 'file':
      return context.native
        ? [{ fileData: fileData(source.id, part.mime) }]
        : refuse(part, context, "cannot read another vendor's file; send its bytes instead");
    default: {
      const mimeType = part.mime ?? guessMime(part, source.data);
      return mimeType === undefined
        ? refuse(part, context, `must be told the media type of ${part.media} input`)
        : [{ inlineData: { mimeType, data: source.data } }];
    }
  }
}

function fileData(fileUri: string, mimeType: string | undefined): NonNullable<WirePart['fileData']> {
  return { fileUri, ...(mimeType !== undefined && { mimeType }) };
}

function guessMime({ media, filename }: MediaPart, data: string): string | undefined {
  return media === 'document' && data.startsWith(PDF_START) ? 'application/pdf' : mimeOfName(filename ?? '');
}

function mimeOfName(name: string): string | undefined {
  const [path = ''] = name.split(/[?#]/, 1);
  return entryOf(MIME_OF_EXTENSION, path.slice(path.lastIndexOf('.') + 1).toLowerCase());
}

function refuse({ media }: MediaPart, context: WriteContext, why: string): [] {
  context.losses.refused(`messages.content.${FIELDS[media]}`, `The model '${context.target.model}' ${why}.`);
  return [];
}
