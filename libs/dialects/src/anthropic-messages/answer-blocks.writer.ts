import type { SignatureSeal } from '../domain/dialect.js';
import type { Citation, MediaPart, Part, ReasoningPart, TextPart, ToolCallPart } from '../domain/part.js';
import { inputOf } from '../domain/tool-input.js';
import { recordOr, stringOr, type Wire } from '../domain/wire.js';
import { callerCallId, callSignature, UNSIGNED } from './call-ids.js';

/** A part of an answer as content blocks; none for what only another dialect knows. */
export function writeBlocks(part: Part, seal: SignatureSeal): Wire[] {
  switch (part.kind) {
    case 'text':
      return writeText(part, seal);
    case 'refusal':
      return [textBlock(part.text, [])];
    case 'reasoning':
      return [thinkingBlock(part, seal)];
    case 'tool-call':
      return writeCall(part, seal);
    case 'media':
      return [mediaBlock(part)];
    case 'native':
      return part.dialect === 'anthropic-messages' ? [part.value as Wire] : [];
    default:
      return [];
  }
}

/** Without a signature of the vendor's it gets a mark, or clients would not send it back to those who want it. */
export function thinkingBlock(
  { text, signature = UNSIGNED, redacted }: Pick<ReasoningPart, 'text' | 'signature' | 'redacted'>,
  seal: SignatureSeal,
): Wire {
  return redacted
    ? { type: 'redacted_thinking', data: seal.seal(signature) }
    : { type: 'thinking', thinking: text, signature: seal.seal(signature) };
}

function writeCall(call: ToolCallPart, seal: SignatureSeal): Wire[] {
  const { id, name, signature } = call;
  const block = { type: 'tool_use', id: callerCallId(id), name, input: inputOf(call) };
  return signature ? [callSignatureBlock(id, signature, seal), block] : [block];
}

/** Stands before the call. */
export function callSignatureBlock(
  id: string,
  signature: NonNullable<ToolCallPart['signature']>,
  seal: SignatureSeal,
): Wire {
  return thinkingBlock({ text: '', signature: callSignature(signature, id) }, seal);
}

/** Anthropic itself draws and speaks nothing: what other vendors make has the shape of a block that is sent to it. */
export function mediaBlock({ media, mime, source }: MediaPart): Wire {
  return {
    type: media,
    source:
      source.kind === 'base64'
        ? { type: 'base64', media_type: mime ?? 'application/octet-stream', data: source.data }
        : source.kind === 'url'
          ? { type: 'url', url: source.url }
          : source.kind === 'text'
            ? { type: 'text', media_type: 'text/plain', data: source.text }
            : { type: 'file', file_id: source.id },
  };
}

/** A citation stands for the whole text of its block, so a text is cut where a cited passage begins or ends. */
function writeText({ text, citations = [] }: TextPart, seal: SignatureSeal): Wire[] {
  const spans = citations.map(citation => ({ citation, ...spanOf(citation, text.length) }));
  const cuts = new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])]);
  const blocks: { text: string; cited: Citation[] }[] = [];
  let from = 0;
  for (const to of [...cuts].toSorted((a, b) => a - b)) {
    const piece = text.slice(from, to);
    const cited = spans.filter(span => span.start <= from && span.end >= to && from < to);
    const last = blocks.at(-1);
    if (piece.trim() === '' && cited.length === 0 && last) {
      last.text += piece;
    } else if (piece !== '') {
      blocks.push({ text: piece, cited: cited.map(({ citation }) => citation) });
    }
    from = to;
  }
  return blocks.map(block =>
    textBlock(
      block.text,
      block.cited.map(citation => writeCitation(citation, seal)),
    ),
  );
}

function spanOf({ start = 0, end = 0 }: Citation, length: number): { start: number; end: number } {
  const isSpan = start >= 0 && start < end && end <= length;
  return isSpan ? { start, end } : { start: 0, end: length };
}

function textBlock(text: string, citations: readonly Wire[]): Wire {
  return { type: 'text', text, citations: citations.length > 0 ? citations : null };
}

/** Anthropic's own as it was; another vendor's as that of a web search, whose proof says that Anthropic never saw it. */
export function writeCitation({ url = '', title, quote = '', native }: Citation, seal: SignatureSeal): Wire {
  return isLocation(native)
    ? native
    : {
        type: 'web_search_result_location',
        url,
        title: title ?? null,
        cited_text: quote,
        encrypted_index: seal.seal(UNSIGNED),
      };
}

function isLocation(native: unknown): native is Wire {
  return stringOr(recordOr(native)['type'], '').endsWith('_location');
}
