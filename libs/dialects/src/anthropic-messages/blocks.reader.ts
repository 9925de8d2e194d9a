import {
  isResultPart,
  type NativePart,
  type Part,
  type ReasoningPart,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from '../domain/part.js';
import {
  at,
  invalid,
  objectIn,
  optionalFlag,
  optionalText,
  requiredObject,
  requiredText,
} from '../domain/fields.js';
import { isAbsent, objectsAt, textAt, type Wire, withoutUndefined } from '../domain/wire.js';
import { readCacheMark } from './cache-marks.js';
import { signedCall, vendorCallId } from './call-ids.js';
import { nativePart, readCitation } from './content.reader.js';
import { readContainerUpload, readDocument, readImage, readSearchResult } from './media.reader.js';
import type { ReadContext } from './read-context.js';
import { whole } from './rendered.js';

/** Content of a message, of a result or of `system`: a string is one text block. */
export function readBlocks(content: unknown, path: string, context: ReadContext): Part[] {
  if (isAbsent(content)) {
    return [];
  }
  if (typeof content === 'string') {
    return [{ kind: 'text', text: content }];
  }
  if (!Array.isArray(content)) {
    throw invalid(path, 'a string or a list of content blocks');
  }
  return content.flatMap((block: unknown, index) => readBlock(block, `${path}[${index}]`, context));
}

function readBlock(value: unknown, path: string, context: ReadContext): Part[] {
  const block = objectIn(value, path, 'a content block such as {"type": "text", "text": …}');
  switch (requiredText(block, 'type', path)) {
    case 'text':
      return [readText(block, path, context)];
    case 'image':
      return [readImage(block, path, context)];
    case 'document':
      return [readDocument(block, path, context)];
    case 'search_result':
      return [readSearchResult(block)];
    case 'container_upload':
      return [readContainerUpload(block, path)];
    case 'thinking':
      return readThinking(block, path, context);
    case 'redacted_thinking':
      return [readRedacted(block, path, context)];
    case 'tool_use':
      return [readToolUse(block, path, context)];
    case 'tool_result':
      return [readToolResult(block, path, context)];
    case 'compaction':
      return [readCompaction(block)];
    case 'tool_reference':
      return [readToolReference(block, path)];
    default:
      return [nativePart(block)];
  }
}

const TEXT_KEYS: ReadonlySet<string> = new Set(['type', 'text', 'cache_control', 'citations']);

function readText(block: Wire, path: string, context: ReadContext): TextPart {
  const citations = objectsAt(block, 'citations').map(citation => {
    const { native: _foreign, ...read } = readCitation(citation);
    // What this gateway made of another vendor's citation means nothing to Anthropic.
    return context.seal.open(textAt(citation, 'encrypted_index')) ? read : readCitation(citation);
  });
  return withoutUndefined({
    kind: 'text' as const,
    text: requiredText(block, 'text', path),
    cache: readCacheMark(block),
    citations: citations.length > 0 ? citations : undefined,
    native: context.rest(block, TEXT_KEYS, 'messages.content'),
  });
}

/** A signature with this look was made by a gateway; when it does not open, it is another project's, or altered. */
const SEALED = /^gw\d+\./;

/** A block whose signature is of a call gives no part: the call takes it when it is read. */
function readThinking(
  block: Wire,
  path: string,
  { seal, callSignatures }: ReadContext,
): (ReasoningPart | NativePart)[] {
  const text = requiredText(block, 'thinking', path);
  const wire = optionalText(block, 'signature', path) ?? '';
  const opened = seal.open(wire);
  const call = opened && signedCall(opened);
  if (opened && call !== null) {
    callSignatures.set(call, opened);
    return [];
  }
  if (opened) {
    return [{ kind: 'reasoning', text, ...(opened.payload && { signature: opened }) }];
  }
  if (wire === '' || SEALED.test(wire)) {
    return text === '' ? [] : [{ kind: 'reasoning', text }];
  }
  return text === '' ? [nativePart(block)] : [{ kind: 'reasoning', text, native: { signature: wire } }];
}

function readRedacted(block: Wire, path: string, { seal }: ReadContext): ReasoningPart | NativePart {
  const signature = seal.open(requiredText(block, 'data', path));
  return signature ? { kind: 'reasoning', text: '', redacted: true, signature } : nativePart(block);
}

const USE_KEYS: ReadonlySet<string> = new Set(['type', 'id', 'name', 'input', 'cache_control']);

function readToolUse(block: Wire, path: string, context: ReadContext): ToolCallPart {
  const id = vendorCallId(requiredText(block, 'id', path));
  const signature = context.callSignatures.get(id);
  context.callSignatures.delete(id);
  return withoutUndefined({
    kind: 'tool-call' as const,
    id,
    name: requiredText(block, 'name', path),
    arguments: JSON.stringify(requiredObject(block, 'input', path)),
    signature: signature && { issuer: signature.issuer, model: signature.model, payload: signature.payload },
    cache: readCacheMark(block),
    native: context.rest(block, USE_KEYS, 'messages.content'),
  });
}

const RESULT_KEYS: ReadonlySet<string> = new Set([
  'type',
  'tool_use_id',
  'content',
  'is_error',
  'cache_control',
]);

function readToolResult(block: Wire, path: string, context: ReadContext): ToolResultPart {
  return withoutUndefined({
    kind: 'tool-result' as const,
    callId: vendorCallId(requiredText(block, 'tool_use_id', path)),
    parts: readBlocks(block['content'], at(path, 'content'), context).filter(isResultPart),
    isError: optionalFlag(block, 'is_error', path) || undefined,
    cache: readCacheMark(block),
    native: context.rest(block, RESULT_KEYS, 'messages.content'),
  });
}

/** What a search for tools has found. Others get all tools at once, and would take its result for nothing. */
function readToolReference(block: Wire, path: string): TextPart {
  const name = requiredText(block, 'tool_name', path);
  return { kind: 'text', text: `The tool ${name} is there now.`, native: whole(block) };
}

/** What Anthropic wrote in the place of earlier turns; without it others would not know what was said. */
function readCompaction(block: Wire): TextPart | NativePart {
  const text =
    textAt(block, 'content') ||
    objectsAt(block, 'content')
      .map(piece => textAt(piece, 'text'))
      .join('');
  return text === '' ? nativePart(block) : { kind: 'text', text, native: whole(block) };
}
