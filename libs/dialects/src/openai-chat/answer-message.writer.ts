import type { AnswerMeta, SignatureSeal } from '../domain/dialect.js';
import type { Citation, MediaPart, Part, ReasoningPart, ToolCallPart } from '../domain/part.js';
import { isLegacyCallId } from './legacy-functions.js';
import { sealedDetail } from './reasoning-details.js';
import type { Wire } from '../domain/wire.js';

type Message = Record<string, unknown>;
type Meta = Pick<AnswerMeta, 'seal' | 'legacyFunctions'>;

/** `message` of a choice. `content` is null when the model only called tools or refused. */
export function writeMessage(parts: readonly Part[], meta: Meta): Message {
  const said = readSaid(parts);
  const calls = parts.filter(part => part.kind === 'tool-call');
  const silent = calls.length > 0 || said.refusal !== null || said.audio !== null;
  const message: Message = {
    role: 'assistant',
    content: said.text === null ? (silent ? null : '') : said.text,
    refusal: said.refusal,
  };
  writeReasoning(
    parts.filter(part => part.kind === 'reasoning'),
    message,
    meta.seal,
  );
  if (calls.length > 0) {
    Object.assign(message, writeCalls(calls, meta));
  }
  if (said.annotations.length > 0) {
    message['annotations'] = said.annotations;
  }
  if (said.audio) {
    message['audio'] = said.audio;
  }
  if (said.images.length > 0) {
    message['images'] = said.images;
  }
  return message;
}

interface Said {
  text: string | null;
  refusal: string | null;
  annotations: Wire[];
  images: Wire[];
  audio: Wire | null;
}

function readSaid(parts: readonly Part[]): Said {
  const said: Said = { text: null, refusal: null, annotations: [], images: [], audio: null };
  for (const part of parts) {
    if (part.kind === 'text') {
      const offset = said.text?.length ?? 0;
      said.annotations.push(...(part.citations ?? []).map(citation => writeCitation(citation, offset)));
      said.text = (said.text ?? '') + part.text;
    } else if (part.kind === 'refusal') {
      said.refusal = (said.refusal ?? '') + part.text;
    } else if (part.kind === 'media' && part.media === 'image') {
      said.images.push(writeImage(part));
    } else if (part.kind === 'media' && part.media === 'audio' && part.source.kind === 'base64') {
      said.audio = { ...part.native, data: part.source.data };
    }
  }
  return said;
}

/** Chat counts citations by characters of the whole content. */
export function writeCitation(
  { url, title, start = 0, end = 0, quote, native }: Citation,
  offset: number,
): Wire {
  if (isAnnotation(native) && offset === 0) {
    return native;
  }
  return {
    type: 'url_citation',
    url_citation: {
      url: url ?? '',
      title: title ?? '',
      start_index: start + offset,
      end_index: end + offset,
      ...(quote !== undefined && { content: quote }),
    },
  };
}

function isAnnotation(native: unknown): native is Wire {
  return (native as Wire | null | undefined)?.['type'] === 'url_citation';
}

/** OpenRouter's place for generated images; OpenAI's chat has none. */
export function writeImage({ source, mime }: MediaPart): Wire {
  const url =
    source.kind === 'base64'
      ? `data:${mime ?? 'image/png'};base64,${source.data}`
      : source.kind === 'url'
        ? source.url
        : '';
  return { type: 'image_url', image_url: { url } };
}

/** The text for every client; signatures, where there are any, beside the text they prove. */
function writeReasoning(parts: readonly ReasoningPart[], message: Message, seal: SignatureSeal): void {
  const text = parts.map(part => part.text).join('');
  if (text !== '') {
    message['reasoning_content'] = text;
  }
  if (parts.some(part => part.signature)) {
    message['reasoning_details'] = parts.map((part, index) =>
      part.signature
        ? sealedDetail(part, seal.seal(part.signature), index)
        : { type: 'reasoning.text', text: part.text, index },
    );
  }
}

function writeCalls(calls: readonly ToolCallPart[], { seal, legacyFunctions }: Meta): Message {
  const [first] = calls;
  if (first && (legacyFunctions || isLegacyCallId(first.id))) {
    return { function_call: { name: first.name, arguments: first.arguments } };
  }
  return { tool_calls: calls.map(call => writeCall(call, seal)) };
}

function writeCall(
  { id, name, arguments: args, custom, signature }: ToolCallPart,
  seal: SignatureSeal,
): Wire {
  return {
    id,
    ...(custom
      ? { type: 'custom', custom: { name, input: args } }
      : { type: 'function', function: { name, arguments: args } }),
    ...(signature && sealedCall(seal.seal(signature))),
  };
}

/** The place where clients of Gemini behind chat keep the signature of a call. */
export function sealedCall(sealed: string): Wire {
  return { extra_content: { google: { thought_signature: sealed } } };
}
