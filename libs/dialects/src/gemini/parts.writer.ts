import type { Part as WirePart } from '@google/genai';
import type { NativePart, Part, ReasoningPart, ToolCallPart, ToolResultPart } from '../domain/part.js';
import { inputOf } from '../domain/tool-input.js';
import { merge, type Wire } from '../domain/wire.js';
import { writeMedia } from './media.writer.js';
import { dropCacheMark, type WriteContext } from './write-context.js';

/** A part of a model's turn. Reasoning without text is the caller's business. */
export function writeModelParts(part: Part, context: WriteContext): WirePart[] {
  switch (part.kind) {
    case 'reasoning':
      return writeReasoning(part, context).map(written => withNative(written, part.native, context));
    case 'tool-call':
      return [withNative(writeToolCall(part, context), part.native, context)];
    case 'tool-result':
      context.losses.refused('messages.content', 'Gemini takes no tool result in a model turn.');
      return [];
    default:
      return writeUserParts(part, context);
  }
}

/** A part of a user's turn; none when nothing is left of it: Gemini refuses empty parts. */
export function writeUserParts(part: Exclude<Part, ToolResultPart>, context: WriteContext): WirePart[] {
  switch (part.kind) {
    case 'text': {
      dropCacheMark(part.cache, context.losses);
      const native = context.native && part.native !== undefined;
      return part.text === '' && !native ? [] : [withNative({ text: part.text }, part.native, context)];
    }
    case 'refusal':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'media':
      return writeMedia(part, context).map(written => withNative(written, part.native, context));
    case 'native': {
      const native = writeNative(part, context);
      return native ? [native] : [];
    }
    default:
      context.losses.refused('messages.content', `Gemini takes no ${part.kind} in a user turn.`);
      return [];
  }
}

/** What a caller of this dialect said besides goes on with the part. */
function withNative(part: WirePart, native: Wire | undefined, context: WriteContext): WirePart {
  return context.native ? merge({ ...part }, native) : part;
}

/**
 * Only the issuer takes its signatures back, and only for the model that made them (PROTOCOLS 2.7). One that no seal
 * proves came to a caller of this dialect as it was, and goes back as it is.
 */
export function ownSignature(part: Part, { target, native }: WriteContext): string | undefined {
  const signature = 'signature' in part ? part.signature : undefined;
  if (signature) {
    return signature.issuer === target.vendor && signature.model === target.model
      ? signature.payload
      : undefined;
  }
  const unsealed = native && 'native' in part ? part.native?.['thoughtSignature'] : undefined;
  return typeof unsealed === 'string' ? unsealed : undefined;
}

function writeReasoning(part: ReasoningPart, context: WriteContext): WirePart[] {
  const signature = ownSignature(part, context);
  if (!signature) {
    context.losses.dropped(
      'messages.reasoning_content',
      `Reasoning without a signature of '${context.target.model}' at '${context.target.vendor}' cannot go back to it.`,
    );
    return [];
  }
  return [{ text: part.text, thought: true, thoughtSignature: signature }];
}

function writeToolCall(part: ToolCallPart, context: WriteContext): WirePart {
  dropCacheMark(part.cache, context.losses);
  const args = inputOf(part, context.losses);
  const signature = ownSignature(part, context);
  return {
    functionCall: { ...(part.id !== '' && { id: part.id }), name: part.name, args },
    ...(signature && { thoughtSignature: signature }),
  };
}

/** A part of this dialect goes on verbatim; others mean nothing here. */
export function writeNative(part: NativePart, context: WriteContext): WirePart | null {
  if (part.dialect === 'gemini') {
    return { ...(part.value as WirePart) };
  }
  context.losses.dropped('messages.content', `A content part that only ${part.dialect} knows was left out.`);
  return null;
}
