import type {
  ContentBlockParam,
  TextBlockParam,
  TextCitationParam,
  ToolResultBlockParam,
  ToolUseBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Losses } from '../domain/losses.js';
import type {
  Citation,
  NativePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../domain/part.js';
import { inputOf } from '../domain/tool-input.js';
import { cacheControl } from './cache-marks.js';
import { writeMedia } from './media.writer.js';
import { asItWas } from './rendered.js';
import type { WriteContext } from './write-context.js';

/** Null for text without anything to read: Anthropic refuses empty and all-white text blocks. */
export function writeText(part: TextPart, context: WriteContext): TextBlockParam | null {
  if (part.text.trim() === '') {
    return null;
  }
  const block: TextBlockParam = {
    type: 'text',
    text: part.text,
    ...cacheControl(part.cache, context.losses),
    ...(context.native && citationsOf(part)),
  };
  return asItWas(block, part.native, context);
}

/** The same for an assistant's text, which may carry its citations back. */
export function writeAssistantText(part: TextPart, context: WriteContext): TextBlockParam | null {
  const block = writeText(part, context);
  return block && { ...block, ...citationsOf(part) };
}

function citationsOf({ citations = [] }: TextPart): Pick<TextBlockParam, 'citations'> {
  const own = citations.map(({ native }: Citation) => native).filter(isOwnCitation);
  return own.length > 0 ? { citations: own } : {};
}

function isOwnCitation(native: unknown): native is TextCitationParam {
  return String((native as { type?: unknown } | null | undefined)?.type).endsWith('_location');
}

/** Only the issuer takes its signatures back, and only for the model that made them; null for all others. */
export function writeReasoningBlock(
  part: ReasoningPart,
  { target, losses, native }: WriteContext,
): ContentBlockParam | null {
  const { signature } = part;
  const unopened = native ? part.native?.['signature'] : undefined;
  if (!signature && typeof unopened === 'string') {
    return { type: 'thinking', thinking: part.text, signature: unopened };
  }
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

export function writeToolCall(part: ToolCallPart, id: string, context: WriteContext): ToolUseBlockParam {
  const block: ToolUseBlockParam = {
    type: 'tool_use',
    id,
    name: part.name,
    input: inputOf(part, context.losses),
    ...cacheControl(part.cache, context.losses),
  };
  return asItWas(block, part.native, context);
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
          return writeText(piece, context);
        case 'media':
          return writeMedia(piece, context);
        default:
          return writeNative(piece, context.losses) as Content | null;
      }
    })
    .filter(block => block !== null);
  const block: ToolResultBlockParam = {
    type: 'tool_result',
    tool_use_id: id,
    ...(content.length > 0 && { content }),
    ...(part.isError && { is_error: true }),
    ...cacheControl(part.cache, context.losses),
  };
  return asItWas(block, part.native, context);
}

/** A block of this dialect goes on verbatim; others mean nothing here. */
export function writeNative(part: NativePart, losses: Losses): ContentBlockParam | null {
  if (part.dialect === 'anthropic-messages') {
    return { ...(part.value as ContentBlockParam) };
  }
  losses.dropped('messages.content', `A content part that only ${part.dialect} knows was left out.`);
  return null;
}
