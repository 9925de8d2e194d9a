import type { MediaPart, Part, TextPart } from '../domain/part.js';
import { cacheControl, ownMark } from './cache-marks.js';
import { lacks, lose, type WriteContext } from './write-context.js';
import { entryOf, merge, type Wire } from '../domain/wire.js';

/** A part of `content`; null when it has no place there, which is then reported. */
export function writePart(part: Part, context: WriteContext): Wire | null {
  switch (part.kind) {
    case 'text':
      return marked({ type: 'text', text: part.text }, part, context);
    case 'media':
      return writeMedia(part, context);
    case 'refusal':
      return lacks(context, 'messages.refusal')
        ? { type: 'text', text: part.text }
        : { type: 'refusal', refusal: part.text };
    case 'native':
      if (part.dialect === 'openai-chat') {
        return part.value as Wire;
      }
      lose(
        context,
        'dropped',
        'messages.content',
        `A content part that only ${part.dialect} knows was left out.`,
      );
      return null;
    case 'reasoning':
      return context.own && part.native ? part.native : null;
    default:
      return null;
  }
}

/** Puts native members back, or says the cache mark of another dialect. */
function marked(wire: Record<string, unknown>, part: TextPart | MediaPart, context: WriteContext): Wire {
  if (context.own) {
    return merge({ ...wire, ...ownMark(part, context) }, part.native);
  }
  if (part.cache && context.target.quirks.cacheControl) {
    wire['cache_control'] = cacheControl(part.cache, context);
  } else if (part.cache) {
    const ttl = cacheLifetime(part.cache.ttl, context);
    if (ttl !== null) {
      wire['prompt_cache_breakpoint'] = { mode: 'explicit', ...(ttl && { ttl }) };
    }
  }
  return wire;
}

/** OpenAI caches for 30m or 12h. Null when the vendor takes no marks. */
export function cacheLifetime(ttl: string | undefined, context: WriteContext): string | undefined | null {
  if (lacks(context, 'prompt_cache_breakpoint')) {
    lose(context, 'dropped', 'prompt_cache_breakpoint', 'This vendor takes no cache marks.');
    return null;
  }
  if (ttl === undefined || ttl === '30m' || ttl === '12h') {
    return ttl;
  }
  lose(context, 'approximated', 'prompt_cache_breakpoint.ttl', `'${ttl}' became 30m.`);
  return '30m';
}

function writeMedia(part: MediaPart, context: WriteContext): Wire | null {
  const { traits } = context.target;
  switch (part.media) {
    case 'image':
      return traits.images === false
        ? refuse(part, context, 'does not read images')
        : writeImage(part, context);
    case 'audio':
      return traits.audioInput === false
        ? refuse(part, context, 'does not hear audio')
        : writeAudio(part, context);
    case 'document':
      return traits.documents === false
        ? refuse(part, context, 'does not read documents')
        : writeDocument(part, context);
    default:
      return writeVideo(part, context);
  }
}

function writeImage(part: MediaPart, context: WriteContext): Wire | null {
  const url = urlOf(part);
  if (url === null) {
    return refuse(part, context, 'takes images as a URL or inline only');
  }
  return marked(
    { type: 'image_url', image_url: { url, ...(part.detail && { detail: part.detail }) } },
    part,
    context,
  );
}

/** The dialect's own callers may use a vendor's extension; others cannot know that it has one. */
function writeVideo(part: MediaPart, context: WriteContext): Wire | null {
  const url = urlOf(part);
  return context.own && url !== null
    ? marked({ type: 'video_url', video_url: { url } }, part, context)
    : refuse(part, context, 'does not take video');
}

const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mp3': 'mp3',
  'audio/mpeg': 'mp3',
};

function writeAudio(part: MediaPart, context: WriteContext): Wire | null {
  const { source, mime = '' } = part;
  const format = context.own ? mime.slice('audio/'.length) : entryOf(AUDIO_FORMATS, mime);
  if (source.kind !== 'base64' || !format) {
    return refuse(part, context, 'takes audio as inline wav or mp3 only');
  }
  return marked({ type: 'input_audio', input_audio: { data: source.data, format } }, part, context);
}

function writeDocument(part: MediaPart, context: WriteContext): Wire | null {
  const url = context.target.quirks.documentUrl ? urlOf(part) : null;
  if (url !== null) {
    const name = part.filename !== undefined && { document_name: part.filename };
    return marked({ type: 'document_url', document_url: url, ...name }, part, context);
  }
  if (part.citable) {
    lose(context, 'dropped', 'messages.content.citations', 'Chat cites no documents.');
  }
  const file = documentFile(part, context);
  if (!file) {
    return part.source.kind === 'text' ? documentText(part, part.source.text, context) : null;
  }
  if (part.context) {
    lose(context, 'dropped', 'messages.content.context', 'Chat has no field for the context of a document.');
  }
  return marked({ type: 'file', file }, part, context);
}

function documentFile(part: MediaPart, context: WriteContext): Wire | null {
  const { source, mime, filename } = part;
  switch (source.kind) {
    case 'file':
      return context.own
        ? { file_id: source.id, ...(filename !== undefined && { filename }) }
        : refuse(part, context, "cannot read another vendor's file");
    case 'base64':
      return {
        file_data: mime ? `data:${mime};base64,${source.data}` : source.data,
        ...nameOf(filename, context),
      };
    case 'url':
      return context.own
        ? { file_data: source.url, ...(filename !== undefined && { filename }) }
        : refuse(part, context, 'takes documents inline only');
    default:
      return null;
  }
}

/** OpenAI refuses inline files without a name. */
function nameOf(filename: string | undefined, { own }: WriteContext): { filename?: string } {
  if (filename !== undefined) {
    return { filename };
  }
  return own ? {} : { filename: 'document.pdf' };
}

function documentText({ filename, context: about }: MediaPart, text: string, context: WriteContext): Wire {
  lose(context, 'approximated', 'messages.content.document', 'A document given as text was sent as text.');
  const head = [filename && `Document: ${filename}`, about].filter(Boolean).join('\n');
  return { type: 'text', text: head ? `${head}\n\n${text}` : text };
}

function urlOf({ source, mime }: MediaPart): string | null {
  switch (source.kind) {
    case 'url':
      return source.url;
    case 'base64':
      return `data:${mime ?? ''};base64,${source.data}`;
    default:
      return null;
  }
}

function refuse(part: MediaPart, { target, losses }: WriteContext, why: string): null {
  losses.refused(
    `messages.content.${part.media}`,
    `The model '${target.model}' at '${target.vendor}' ${why}.`,
  );
  return null;
}
