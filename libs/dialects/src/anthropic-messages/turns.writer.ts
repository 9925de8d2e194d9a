import type {
  ContentBlockParam,
  MessageParam,
  TextBlockParam,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Turn } from '../domain/conversation.js';
import type { Part, ToolResultPart } from '../domain/part.js';
import {
  writeAssistantText,
  writeNative,
  writeReasoningBlock,
  writeText,
  writeToolCall,
  writeToolResult,
} from './blocks.writer.js';
import { type Draft, layOut } from './message-layout.js';
import { writeMedia } from './media.writer.js';
import { ToolIds } from './tool-ids.js';
import type { WriteContext } from './write-context.js';

export interface WrittenTurns {
  readonly system: TextBlockParam[];
  readonly messages: MessageParam[];
  /** The last turns are results of tools that the model called: it goes on with the same answer. */
  readonly toolLoop: boolean;
  /** Reasoning of that running answer could not go back. */
  readonly reasoningLost: boolean;
}

/** Turns as `system` and `messages`, obeying the order Anthropic demands (PROTOCOLS 1.4). */
export function writeTurns(turns: readonly Turn[], context: WriteContext): WrittenTurns {
  const firstOther = turns.findIndex(turn => !isInstruction(turn));
  const leading = firstOther < 0 ? turns.length : firstOther;
  const system = turns.slice(0, leading).flatMap(turn => instructionBlocks(turn, context));
  if (leading === turns.length && system.length > 0) {
    context.losses.moved('messages', 'Anthropic wants a user turn; the system text was sent as one.');
    return {
      system: [],
      messages: [{ role: 'user', content: system }],
      toolLoop: false,
      reasoningLost: false,
    };
  }
  const writer = new TurnsWriter(context);
  for (const turn of turns.slice(leading)) {
    writer.add(turn);
  }
  return { system, ...writer.finish() };
}

class TurnsWriter {
  private readonly drafts: Draft[] = [];
  private readonly ids = new ToolIds<Draft>();
  /** Instructions that came right after an assistant turn, waiting for the user turn that must precede them. */
  private pending: TextBlockParam[] = [];

  constructor(private readonly context: WriteContext) {}

  add(turn: Turn): void {
    if (turn.name !== undefined) {
      this.context.losses.dropped('messages.name', 'Anthropic knows no participant names.');
    }
    if (isInstruction(turn)) {
      this.instruct(instructionBlocks(turn, this.context));
    } else if (turn.role === 'assistant') {
      this.assistant(turn.parts);
    } else {
      this.user(turn.parts);
    }
    this.keepMembers(turn);
  }

  /** Members of the caller's message, for a vendor of its dialect; system messages are laid out anew. */
  private keepMembers({ native, role }: Turn): void {
    const draft = this.drafts.at(-1);
    if (!native || !this.context.native) {
      return;
    }
    if (draft && draft.role === (role === 'assistant' ? 'assistant' : 'user') && role !== 'system') {
      draft.members = { ...draft.members, ...native };
      return;
    }
    for (const member of Object.keys(native)) {
      this.context.losses.dropped(`messages.${member}`, 'The message was joined with others.');
    }
  }

  finish(): Omit<WrittenTurns, 'system'> {
    this.flushPending();
    const asked = this.drafts.findLast(draft => draft.role === 'assistant');
    const toolLoop = asked !== undefined && asked.results.length > 0 && asked !== this.drafts.at(-1);
    return {
      messages: layOut(this.drafts),
      toolLoop,
      reasoningLost: toolLoop && asked.reasoningLost,
    };
  }

  private assistant(parts: readonly Part[]): void {
    const kept = parts.filter(part => part.kind !== 'reasoning' || part.signature || part.text);
    if (kept.length === 0) {
      return;
    }
    this.flushPending();
    const last = this.drafts.at(-1);
    const draft = last?.role === 'assistant' ? last : newDraft('assistant');
    for (const part of kept) {
      const block = this.assistantBlock(part, draft);
      if (block) {
        draft.blocks.push(block);
      }
    }
    if (draft !== last && draft.blocks.length > 0) {
      this.drafts.push(draft);
    }
  }

  private assistantBlock(part: Part, draft: Draft): ContentBlockParam | null {
    const { losses, target } = this.context;
    switch (part.kind) {
      case 'text':
        return writeAssistantText(part, this.context);
      case 'refusal':
        return writeText({ kind: 'text', text: part.text }, this.context);
      case 'reasoning': {
        const block = writeReasoningBlock(part, this.context);
        draft.reasoningLost ||= block === null;
        return block;
      }
      case 'tool-call': {
        const id = this.ids.open(part.id, draft);
        draft.calls.push(id);
        return writeToolCall(part, id, this.context);
      }
      case 'native':
        return writeNative(part, losses);
      default:
        losses.refused('messages.content', `'${target.vendor}' takes no ${part.kind} in an assistant turn.`);
        return null;
    }
  }

  private user(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.kind === 'tool-result') {
        this.result(part);
        continue;
      }
      const block = this.userBlock(part);
      if (block) {
        this.userDraft().blocks.push(block);
      }
    }
  }

  private userBlock(part: Exclude<Part, ToolResultPart>): ContentBlockParam | null {
    const { losses, target } = this.context;
    switch (part.kind) {
      case 'text':
      case 'refusal':
        return writeText({ ...part, kind: 'text' }, this.context);
      case 'media':
        return writeMedia(part, this.context);
      case 'native':
        return writeNative(part, losses);
      default:
        losses.refused('messages.content', `'${target.vendor}' takes no ${part.kind} in a user turn.`);
        return null;
    }
  }

  /** A result belongs right behind its call, wherever the caller put it; layout takes it there. */
  private result(part: ToolResultPart): void {
    const { id, owner } = this.ids.close(part.callId);
    const block: ToolResultBlockParam = writeToolResult(part, id, this.context);
    if (!owner || owner === this.drafts.at(-1)) {
      const draft = this.userDraft();
      (owner ?? draft).results.push(block);
    } else {
      owner.results.push(block);
    }
  }

  /** The user message that is being written. Instructions that waited for one now follow it. */
  private userDraft(): Draft {
    const last = this.drafts.at(-1);
    const draft = last?.role === 'user' ? last : newDraft('user');
    if (draft !== last) {
      this.drafts.push(draft);
      draft.instructions.push(...this.pending);
      this.pending = [];
    }
    if (draft.instructions.length > 0) {
      this.context.losses.moved(
        'messages',
        'Anthropic takes a late system message only right before an assistant turn; it went behind the user text.',
      );
    }
    return draft;
  }

  /**
   * A late instruction keeps its authority as a `system` message, which must follow a user message and precede an
   * assistant's. https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
   */
  private instruct(blocks: readonly TextBlockParam[]): void {
    if (this.context.target.traits.lateSystem === false) {
      this.asUserText(blocks);
    } else if (this.drafts.at(-1)?.role === 'user') {
      this.drafts.at(-1)?.instructions.push(...blocks);
    } else {
      this.pending.push(...blocks);
    }
  }

  private flushPending(): void {
    const blocks = this.pending;
    this.pending = [];
    this.asUserText(blocks);
  }

  private asUserText(blocks: readonly TextBlockParam[]): void {
    if (blocks.length === 0) {
      return;
    }
    this.context.losses.moved('messages', 'A late system message was sent as user text in <system> tags.');
    this.userDraft().blocks.push(
      ...blocks.map(block => ({ ...block, text: `<system>${block.text}</system>` })),
    );
  }
}

function isInstruction({ role }: Turn): boolean {
  return role === 'system' || role === 'developer';
}

function instructionBlocks({ parts }: Turn, context: WriteContext): TextBlockParam[] {
  return parts.flatMap(part => {
    switch (part.kind) {
      case 'text':
        return writeText(part, context) ?? [];
      case 'native':
        return (writeNative(part, context.losses) as TextBlockParam | null) ?? [];
      default:
        context.losses.refused('messages.content', `Anthropic takes no ${part.kind} in a system message.`);
        return [];
    }
  });
}

function newDraft(role: Draft['role']): Draft {
  return { role, blocks: [], calls: [], results: [], instructions: [], members: {}, reasoningLost: false };
}
