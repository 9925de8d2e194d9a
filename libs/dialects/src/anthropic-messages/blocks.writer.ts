import type {
  ContentBlockParam,
  TextBlockParam,
  TextCitationParam,
  ToolResultBlockParam,
  ToolUseBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import { parseExact } from '../domain/exact-json.js';
import type { Losses } from '../domain/losses.js';
import type {
  Citation,
  NativePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../domain/part.js';
import { cacheControl } from './cache-marks.js';
import { writeMedia } from './media.writer.js';
import type { WriteContext } from './write-context.js';

/** Null for text without anything to read: Anthropic refuses empty and all-white text blocks. */
export function writeText(part: TextPart, losses: Losses): TextBlockParam | null {
  if (part.text.trim() === '') {
    return null;
  }
  return { type: 'text', text: part.text, ...cacheControl(part.cache, losses) };
}

/** The same for an assistant's text, which may carry its citations back. */
export function writeAssistantText(part: TextPart, losses: Losses): TextBlockParam | null {
  const block = writeText(part, losses);
  const citations = part.citations?.map(({ native }: Citation) => native).filter(isOwnCitation);
  return block && citations?.length ? { ...block, citations } : block;
}

function isOwnCitation(native: unknown): native is TextCitationParam {
  return String((native as { type?: unknown } | null | undefined)?.type).endsWith('_location');
}

/** Only the issuer takes its signatures back, and only for the model that made them; null for all others. */
export function writeReasoningBlock(
  part: ReasoningPart,
  { target, losses }: WriteContext,
): ContentBlockParam | null {
  const { signature } = part;
  if (!signature || signature.issuer !== target.vendor || signature.model !== target.model) {
    losses.dropped(
      'messages.reasoning_content',
      `Reasoning without a signature of '${target.model}' at '${target.vendor}' cannot go back to it.`,
    );
    return null;
  }
  return part.redacted
    ? { type: 'redacted_thinking', data: signature.payload }
    : { type: 'thinking', thinking: part.text, signature: signature.payload };
}

export function writeToolCall(part: ToolCallPart, id: string, losses: Losses): ToolUseBlockParam {
  const input = part.custom ? { input: part.arguments } : parseArguments(part.arguments, losses);
  return { type: 'tool_use', id, name: part.name, input, ...cacheControl(part.cache, losses) };
}

/** Anthropic takes an object. What a model once wrote wrongly is wrapped, never thrown away. */
function parseArguments(text: string, losses: Losses): object {
  if (text.trim() === '') {
    return {};
  }
  try {
    const value = parseExact(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)) {
      return value;
    }
  } catch {
    // Not JSON: wrapped below.
  }
  losses.approximated(
    'messages.tool_calls.function.arguments',
    'Arguments that are no JSON object were sent as {"_raw": "…"}.',
  );
  return { _raw: text };
}

/** `parseExact` gives an object for a number that no double holds. */
function isRawNumber(value: object): boolean {
  return Object.getPrototypeOf(value) === null;
}

export function writeToolResult(
  part: ToolResultPart,
  id: string,
  context: WriteContext,
): ToolResultBlockParam {
  type Content = Exclude<ToolResultBlockParam['content'], string | undefined>[number];
  const content = part.parts
    .map(piece => {
      switch (piece.kind) {
        case 'text':
          return writeText(piece, context.losses);
        case 'media':
          return writeMedia(piece, context);
        default:
          return writeNative(piece, context.losses) as Content | null;
      }
    })
    .filter(block => block !== null);
  return {
    type: 'tool_result',
    tool_use_id: id,
    ...(content.length > 0 && { content }),
    ...(part.isError && { is_error: true }),
    ...cacheControl(part.cache, context.losses),
  };
}

/** A block of this dialect goes on verbatim; others mean nothing here. */
export function writeNative(part: NativePart, losses: Losses): ContentBlockParam | null {
  if (part.dialect === 'anthropic-messages') {
    return { ...(part.value as ContentBlockParam) };
  }
  losses.dropped('messages.content', `A content part that only ${part.dialect} knows was left out.`);
  return null;
}
