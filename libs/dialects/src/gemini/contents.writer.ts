import type { Content, Part as WirePart } from '@google/genai';
import type { Turn } from '../domain/conversation.js';
import type { Part, ToolResultPart } from '../domain/part.js';
import { type Draft, type DraftCall, layOut, newDraft } from './content-layout.js';
import { ownSignature, writeModelParts, writeNative, writeUserParts } from './parts.writer.js';
import { writeToolResult } from './tool-results.writer.js';
import { dropCacheMark, type WriteContext } from './write-context.js';

export interface WrittenContents {
  readonly systemInstruction?: Content;
  readonly contents: Content[];
}

/** Turns as `systemInstruction` and `contents`, obeying the order that Gemini demands (PROTOCOLS 2.3). */
export function writeContents(turns: readonly Turn[], context: WriteContext): WrittenContents {
  const firstOther = turns.findIndex(turn => !isInstruction(turn));
  const leading = firstOther < 0 ? turns.length : firstOther;
  const system = turns
    .slice(0, leading)
    .map(turn => instructionText(turn, context))
    .filter(text => text !== '');
  const writer = new ContentsWriter(context);
  for (const turn of turns.slice(leading)) {
    writer.add(turn);
  }
  const contents = layOut(writer.drafts, context.gemini3);
  if (contents.length === 0) {
    context.losses.refused('messages', 'Gemini needs at least one message that is not a system message.');
  }
  return {
    ...(system.length > 0 && { systemInstruction: { parts: [{ text: system.join('\n\n') }] } }),
    contents,
  };
}

class ContentsWriter {
  readonly drafts: Draft[] = [];
  /** Calls that still wait for their results, by id. */
  private readonly waiting = new Map<string, { readonly owner: Draft; readonly call: DraftCall }[]>();

  constructor(private readonly context: WriteContext) {}

  add(turn: Turn): void {
    this.reportMessageFields(turn);
    if (isInstruction(turn)) {
      this.instruct(instructionText(turn, this.context));
    } else if (turn.role === 'assistant') {
      this.assistant(turn.parts);
    } else {
      this.user(turn.parts);
    }
  }

  /** A late instruction keeps its place; Gemini has no role for it but the user's. */
  private instruct(text: string): void {
    if (text !== '') {
      this.context.losses.moved(
        'messages',
        'A late system message was sent as user text in <system> tags: Gemini takes them at the start only.',
      );
      this.draft('user').parts.push({ text: `<system>${text}</system>` });
    }
  }

  /**
   * A signature stands on the part it came with. Reasoning of which only the signature is known is how readers keep
   * the signature of the part behind it; at the end of a turn it came with an empty text.
   */
  private assistant(parts: readonly Part[]): void {
    const draft = this.draft('model');
    // Google wants its signatures back; the summaries of thoughts beside them are for the caller's eyes only.
    const isOwn = parts.some(part => ownSignature(part, this.context) !== undefined);
    let signature: string | undefined;
    for (const part of parts) {
      if (part.kind === 'reasoning' && isOwn && !part.signature && !ownSignature(part, this.context)) {
        continue;
      }
      if (part.kind === 'reasoning' && part.text === '') {
        pushSignature(draft.parts, signature);
        signature = ownSignature(part, this.context);
        continue;
      }
      const written = writeModelParts(part, this.context);
      const [first] = written;
      if (!first) {
        continue;
      }
      if (signature !== undefined && first.thoughtSignature === undefined) {
        first.thoughtSignature = signature;
      } else {
        pushSignature(draft.parts, signature);
      }
      signature = undefined;
      draft.parts.push(...written);
      if (part.kind === 'tool-call') {
        this.expectResult(part.id, part.name, draft);
      }
    }
    pushSignature(draft.parts, signature);
  }

  private expectResult(id: string, name: string, owner: Draft): void {
    const call = { id, name, media: [] };
    owner.calls.push(call);
    const others = this.waiting.get(id);
    if (others) {
      others.push({ owner, call });
    } else {
      this.waiting.set(id, [{ owner, call }]);
    }
  }

  private user(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.kind === 'tool-result') {
        this.result(part);
        continue;
      }
      const written = writeUserParts(part, this.context);
      if (written.length > 0) {
        this.draft('user').parts.push(...written);
      }
    }
  }

  /** A result belongs right behind its call, wherever the caller put it; layout takes it there. */
  private result(part: ToolResultPart): void {
    const waiting = this.waiting.get(part.callId)?.shift();
    if (!waiting) {
      this.context.losses.refused(
        'messages.tool_call_id',
        'There is a result for which no earlier tool call waits; Gemini needs the call and its name.',
      );
      return;
    }
    const { owner, call } = waiting;
    const { response, media } = writeToolResult(part, call, this.context);
    call.response = response;
    call.media.push(...media);
    owner.answered = true;
  }

  /** The content that is being written. A model that has seen results answers in a new one. */
  private draft(role: Draft['role']): Draft {
    const last = this.drafts.at(-1);
    if (last?.role === role && !last.answered) {
      return last;
    }
    const draft = newDraft(role);
    this.drafts.push(draft);
    return draft;
  }

  private reportMessageFields({ name, native }: Turn): void {
    if (name !== undefined) {
      this.context.losses.dropped('messages.name', 'Gemini knows no participant names.');
    }
    for (const [field, value] of Object.entries(native ?? {})) {
      if (!this.context.native && says(value)) {
        this.context.losses.dropped(`messages.${field}`, 'Gemini has nothing like it.');
      }
    }
  }
}

/** Clients send answers back with all their empty fields. */
function says(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function pushSignature(parts: WirePart[], thoughtSignature: string | undefined): void {
  if (thoughtSignature !== undefined) {
    parts.push({ text: '', thoughtSignature });
  }
}

function isInstruction({ role }: Turn): boolean {
  return role === 'system' || role === 'developer';
}

function instructionText({ parts }: Turn, context: WriteContext): string {
  const texts: string[] = [];
  for (const part of parts) {
    if (part.kind === 'text') {
      dropCacheMark(part.cache, context.losses);
      texts.push(part.text);
    } else if (part.kind === 'native' && part.dialect !== 'gemini') {
      writeNative(part, context); // says that it is left out
    } else {
      context.losses.refused('messages.content', `Gemini takes no ${part.kind} in a system message.`);
    }
  }
  return texts.join('\n\n');
}
