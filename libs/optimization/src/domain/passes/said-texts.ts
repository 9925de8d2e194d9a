import type { GenerationRequest, Part, ResultPart, TextPart, ToolResultPart, Turn } from '@app/dialects';
import { type Change, changedBody, mapKept } from './responses-body.js';

/** What comes behind so many characters stays: no model reads as much, and calls wait meanwhile. */
const MOST_CHARACTERS = 2_000_000;

/** What a user said, or a tool returned: one text part. */
export interface SaidText {
  readonly text: string;
  /** The result that it is of; null where a user said it. */
  readonly result: ToolResultPart | null;
  /** It may be changed: enough stands before it, and nothing else depends on how it is spelled. */
  readonly isFree: boolean;
}

/**
 * Puts other texts in the place of what users said and tools returned. Instructions, tools and what the model said are never
 * changed, nor anything at the beginning of the prompt.
 *
 * @param after so many characters of the prompt are left alone
 * @param rewrite told every text in prompt order; what it gives counts where the text is free
 * @returns the request itself when nothing changes
 */
export function rewriteTexts(
  request: GenerationRequest,
  after: number,
  rewrite: (said: SaidText) => string,
): GenerationRequest {
  const rewriting = new Rewriting(after - JSON.stringify(request.tools.list).length, rewrite);
  const turns = mapKept(request.turns, turn => rewriting.turn(turn));
  if (turns === request.turns) {
    return request;
  }
  const { native } = request;
  if (!native.body) {
    return { ...request, turns };
  }
  const body = changedBody(native.body, rewriting.changes);
  return body ? { ...request, turns, native: { ...native, body } } : request;
}

class Rewriting {
  readonly changes: Change[] = [];

  constructor(
    private untouched: number,
    private readonly rewrite: (said: SaidText) => string,
  ) {}

  turn(turn: Turn): Turn {
    if (turn.role !== 'user' && turn.role !== 'tool') {
      turn.parts.forEach(part => this.pass(charactersOf(part)));
      return turn;
    }
    const parts = mapKept<Part>(turn.parts, part => this.part(part));
    return parts === turn.parts ? turn : { ...turn, parts };
  }

  private part(part: Part): Part {
    if (part.kind === 'text') {
      return this.text(part, null);
    }
    if (part.kind !== 'tool-result') {
      return part;
    }
    const parts = mapKept<ResultPart>(part.parts, piece =>
      piece.kind === 'text' ? this.text(piece, part) : piece,
    );
    return parts === part.parts ? part : { ...part, parts };
  }

  private text(part: TextPart, result: ToolResultPart | null): TextPart {
    const { text: from, citations, native } = part;
    const isReached = this.untouched <= 0 && from.length - this.untouched <= MOST_CHARACTERS;
    const isFree = isReached && citations === undefined && native?.['block'] === undefined;
    this.pass(from.length);
    const rewritten = this.rewrite({ text: from, result, isFree });
    const to = isFree ? rewritten : from;
    this.changes.push({ from, to });
    return to === from ? part : { ...part, text: to };
  }

  private pass(characters: number): void {
    this.untouched -= characters;
  }
}

function charactersOf(part: Part): number {
  return part.kind === 'text' ? part.text.length : part.kind === 'tool-call' ? part.arguments.length : 0;
}
