import type { Part as WirePart } from '@google/genai';
import type { MediaPart, ToolResultPart } from '../domain/part.js';
import { parseObject } from '../domain/tool-input.js';
import type { DraftCall } from './content-layout.js';
import { merge } from '../domain/wire.js';
import { writeMedia } from './media.writer.js';
import { writeNative } from './parts.writer.js';
import { dropCacheMark, type WriteContext } from './write-context.js';

export interface WrittenResult {
  readonly response: WirePart;
  /** Media that Gemini takes only beside the results of the turn, not inside. */
  readonly media: WirePart[];
}

/** A `functionResponse` under the name of its call. */
export function writeToolResult(
  part: ToolResultPart,
  { id, name }: DraftCall,
  context: WriteContext,
): WrittenResult {
  dropCacheMark(part.cache, context.losses);
  const texts: string[] = [];
  const inside: WirePart[] = [];
  const beside: WirePart[] = [];
  for (const piece of part.parts) {
    if (piece.kind === 'text') {
      dropCacheMark(piece.cache, context.losses);
      texts.push(piece.text);
    } else if (piece.kind === 'media') {
      (context.gemini3 && fitsInside(piece) ? inside : beside).push(...writeMedia(piece, context));
    } else {
      const native = writeNative(piece, context);
      inside.push(...(native ? [native] : []));
    }
  }
  if (beside.length > 0) {
    context.losses.moved('messages.content', 'Media of a tool result were sent right behind the results.');
  }
  const response = {
    ...(id !== '' && { id }),
    name,
    response: responseObject(texts, part.isError === true),
    ...(inside.length > 0 && { parts: inside }),
  };
  const written = { functionResponse: response };
  return { response: context.native ? merge(written, part.native) : written, media: beside };
}

/** Gemini 3 reads images and documents inside a result; sound and film it reads in a content only. */
function fitsInside({ media, source }: MediaPart): boolean {
  return (media === 'image' || media === 'document') && source.kind !== 'text';
}

function responseObject(texts: readonly string[], isError: boolean): Record<string, unknown> {
  const text = texts.join('\n');
  return isError ? { error: text } : (parseObject(text) ?? { output: text });
}
