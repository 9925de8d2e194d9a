import type { Turn } from '../domain/conversation.js';
import type { MediaPart, Part, ReasoningPart, ToolCallPart, ToolResultPart } from '../domain/part.js';
import { inputOf } from '../domain/tool-input.js';
import { loseMark, markedParts } from './cache-marks.js';
import { callIdFor } from './call-ids.js';
import { isLegacyCallId } from './legacy-functions.js';
import { writePart } from './part.writer.js';
import { writeReasoning } from './reasoning.writer.js';
import { isObject, listAt, merge, type Wire } from '../domain/wire.js';
import { isIssuedBy, lacks, lose, takesCustom, type WriteContext } from './write-context.js';

type Message = Record<string, unknown>;

/** Turns as messages, in place. */
export function writeTurns(turns: readonly Turn[], context: WriteContext): Message[] {
  const messages: Message[] = [];
  /** Media of tool results, which wait until all results of the step are said. */
  let moved: Wire[] = [];
  for (const turn of turns) {
    if (turn.role !== 'tool' && moved.length > 0) {
      messages.push({ role: 'user', content: moved });
      moved = [];
    }
    if (turn.role === 'assistant') {
      messages.push(writeAssistant(turn, context));
    } else if (turn.role === 'tool') {
      for (const part of turn.parts) {
        if (part.kind === 'tool-result') {
          messages.push(writeResult(part, turn, moved, context));
        }
      }
    } else {
      messages.push(writePlain(turn, context));
    }
  }
  if (moved.length > 0) {
    messages.push({ role: 'user', content: moved });
  }
  const last = messages.at(-1);
  if (last?.['role'] === 'assistant' && context.target.quirks.prefill === 'marked') {
    last['prefix'] = true;
  }
  return messages;
}

function writePlain(turn: Turn, context: WriteContext): Message {
  // Not every vendor of this dialect knows OpenAI's newer name of the role.
  const role = turn.role === 'developer' && lacks(context, 'developer') ? 'system' : turn.role;
  return finish(
    {
      role,
      content: writeContent(turn.parts, context) ?? '',
      ...nameOf(turn.name, context),
    },
    turn,
    context,
  );
}

function nameOf(name: string | undefined, context: WriteContext): { readonly name?: string } {
  if (name !== undefined && lacks(context, 'messages.name')) {
    lose(context, 'dropped', 'messages.name', `'${context.target.vendor}' takes no names of speakers.`);
    return {};
  }
  return name === undefined ? {} : { name };
}

function finish(message: Message, turn: Turn, context: WriteContext): Message {
  return context.own ? merge(message, turn.native) : message;
}

/** One text without anything on it is a string; null when there is nothing. */
function writeContent(parts: readonly Part[], context: WriteContext): string | Wire[] | null {
  const content: Wire[] = [];
  for (const part of parts) {
    const wire = writePart(part, context);
    if (wire) {
      content.push(wire);
    }
  }
  const [only] = content;
  if (!only) {
    return null;
  }
  const isPlainText = content.length === 1 && only['type'] === 'text' && Object.keys(only).length === 2;
  return isPlainText ? (only['text'] as string) : content;
}

function writeAssistant(turn: Turn, context: WriteContext): Message {
  const reasoning: ReasoningPart[] = [];
  const calls: ToolCallPart[] = [];
  const said: Part[] = [];
  for (const part of turn.parts) {
    if (part.kind === 'tool-call') {
      calls.push(part);
    } else if (part.kind === 'reasoning' && !(context.own && part.native)) {
      reasoning.push(part);
    } else {
      noteOrder(part, calls, context);
      said.push(part);
    }
  }
  // A refusal beside the content is there already, in the spelling of the message.
  if (context.own && turn.native?.['refusal'] !== undefined && !lacks(context, 'messages.refusal')) {
    said.splice(
      said.findLastIndex(part => part.kind === 'refusal'),
      1,
    );
  }
  const content = writeContent(said, context);
  const message: Message = {
    role: 'assistant',
    content: content ?? (speaksOtherwise(turn) ? null : ''),
    ...nameOf(turn.name, context),
  };
  writeCalls(calls, message, context);
  finish(message, turn, context);
  dropRefused(message, context);
  writeReasoning(reasoning, message, context);
  return message;
}

/** OpenAI's SDK sends its whole message back, also members that only OpenAI takes and that say nothing. */
function dropRefused(message: Message, context: WriteContext): void {
  if (lacks(context, 'messages.refusal')) {
    delete message['refusal']; // it is text
  }
  if (lacks(context, 'messages.annotations')) {
    if (listAt(message, 'annotations').length > 0) {
      lose(context, 'dropped', 'messages.annotations', `'${context.target.vendor}' takes none back.`);
    }
    delete message['annotations'];
  }
}

function noteOrder(part: Part, calls: readonly ToolCallPart[], context: WriteContext): void {
  if (calls.length > 0 && part.kind === 'text' && part.text !== '') {
    lose(context, 'approximated', 'messages.content', 'Text between tool calls was put before them.');
  }
}

function speaksOtherwise({ parts, native }: Turn): boolean {
  return (
    parts.some(part => part.kind === 'tool-call') ||
    native?.['refusal'] !== undefined ||
    isObject(native?.['audio'])
  );
}

function writeCalls(calls: readonly ToolCallPart[], message: Message, context: WriteContext): void {
  const modern = calls.filter(call => !isLegacyCallId(call.id));
  const legacy = calls.find(call => isLegacyCallId(call.id));
  if (modern.length > 0) {
    message['tool_calls'] = modern.map(call => writeCall(call, context));
  }
  if (legacy) {
    message['function_call'] = { name: legacy.name, arguments: legacy.arguments };
  }
}

function writeCall(call: ToolCallPart, context: WriteContext): Wire {
  const { signature, custom, name } = call;
  const wire: Record<string, unknown> = {
    id: callIdFor(call.id, context),
    ...(custom && takesCustom(context)
      ? { type: 'custom', custom: { name, input: call.arguments } }
      : {
          type: 'function',
          function: { name, arguments: custom ? JSON.stringify(inputOf(call)) : call.arguments },
        }),
  };
  if (isIssuedBy(signature, context.target)) {
    wire['extra_content'] = { google: { thought_signature: signature.payload } };
  }
  if (context.own) {
    return merge(wire, call.native);
  }
  loseMark(call.cache, context);
  return wire;
}

/** Chat takes text only as a result: media moves to a user message behind the results. */
function writeResult(part: ToolResultPart, turn: Turn, moved: Wire[], context: WriteContext): Message {
  // A caller of this dialect marks parts; whole results are marked by the gateway only.
  const parts = context.own && !part.cache ? part.parts : markedParts(part, context);
  const media = parts.filter((piece): piece is MediaPart => piece.kind === 'media');
  const kept = context.own ? parts : parts.filter(piece => piece.kind !== 'media');
  let content = writeContent(kept, context) ?? '';
  if (!context.own && media.length > 0) {
    lose(
      context,
      'moved',
      'messages.tool.content',
      'Media of tool results was sent as a user message behind them.',
    );
    moved.push({ type: 'text', text: `Result of the tool call ${part.callId}:` });
    moved.push(...media.map(piece => writePart(piece, context)).filter(wire => wire !== null));
    content ||= 'See the message below.';
  }
  if (part.isError) {
    lose(
      context,
      'approximated',
      'messages.tool.is_error',
      'A failed tool call was marked as such in its text.',
    );
    content = prefixed(content);
  }
  const named = context.own && nameOf(part.name, context);
  const message: Message = isLegacyCallId(part.callId)
    ? { role: 'function', name: part.name ?? '', content }
    : { role: 'tool', tool_call_id: callIdFor(part.callId, context), content, ...named };
  return finish(message, turn, context);
}

function prefixed(content: string | Wire[]): string | Wire[] {
  return typeof content === 'string' ? `Error: ${content}` : [{ type: 'text', text: 'Error:' }, ...content];
}
