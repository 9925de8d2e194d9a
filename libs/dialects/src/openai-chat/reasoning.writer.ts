import type { ReasoningPart } from '../domain/part.js';
import { unpackDetail } from './reasoning-details.js';
import { isIssuedBy, lacks, lose, type WriteContext } from './write-context.js';

type Message = Record<string, unknown>;

/**
 * Reasoning of an earlier turn, put into its finished message where this vendor looks for it: text for any vendor that
 * takes it, signatures for their issuer alone.
 */
export function writeReasoning(
  parts: readonly ReasoningPart[],
  message: Message,
  context: WriteContext,
): void {
  if (lacks(context, 'reasoning_content')) {
    if (parts.length > 0) {
      lose(context, 'dropped', 'messages.reasoning_content', 'This vendor takes no reasoning back.');
    }
    forget(message);
    return;
  }
  if (parts.length === 0) {
    return;
  }
  writeText(parts, message, context);
  const details = parts.flatMap(part =>
    isIssuedBy(part.signature, context.target) ? [unpackDetail(part, part.signature.payload)] : [],
  );
  if (details.length > 0) {
    message['reasoning_details'] = details;
  }
}

function writeText(parts: readonly ReasoningPart[], message: Message, { target }: WriteContext): void {
  const text = parts.map(part => part.text).join('');
  const { reasoningIn } = target.quirks;
  if (reasoningIn === undefined) {
    const isSaid = text !== '' || parts.some(part => !part.signature);
    // A caller of this dialect may have said `reasoning`, which its message holds already.
    if (isSaid && message['reasoning'] === undefined) {
      message['reasoning_content'] = text;
    }
    return;
  }
  forget(message);
  if (text !== '' && reasoningIn === 'reasoning') {
    message['reasoning'] = text;
  } else if (text !== '') {
    message['content'] = [
      { type: 'thinking', thinking: [{ type: 'text', text }] },
      ...asParts(message['content']),
    ];
  }
}

function forget(message: Message): void {
  delete message['reasoning'];
  delete message['reasoning_content'];
}

function asParts(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) {
    return content;
  }
  return typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : [];
}
