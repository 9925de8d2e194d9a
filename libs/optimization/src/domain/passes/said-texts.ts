import type { GenerationRequest, Part, ResultPart, TextPart, ToolResultPart, Turn } from '@app/dialects';
import { mapKept } from './responses-body.js';
import { placedIn, withTexts } from './said-places.js';

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
 * @param placed whether each of `textsOf` may be changed; absent: all of them that the body of the request has
 * @returns the request itself when nothing changes
 */
export function rewriteTexts(
  request: GenerationRequest,
  after: number,
  rewrite: (said: SaidText) => string,
  placed = placesOf(request),
): GenerationRequest {
  const rewriting = new Rewriting(after - JSON.stringify(request.tools.list).length, rewrite, placed);
  const turns = mapKept(request.turns, turn => rewriting.turn(turn));
  return turns === request.turns ? request : { ...request, turns, native: nativeWith(request, turns) };
}

/** What users said and tools returned, in order, but for empty texts and those that are part of another block. */
export function textsOf({ turns }: Pick<GenerationRequest, 'turns'>): readonly string[] {
  return turns.filter(isSaid).flatMap(({ parts }) => parts.flatMap(part => textsIn(part)));
}

/** @param body as its caller wrote it; absent: what the request is written back from, if from anything */
export function placesOf(
  request: GenerationRequest,
  body = request.native.body,
): readonly boolean[] | undefined {
  return body && placedIn(request.native.dialect, body, textsOf(request));
}

function nativeWith(request: GenerationRequest, turns: readonly Turn[]): GenerationRequest['native'] {
  const { native } = request;
  return native.body
    ? { ...native, body: withTexts(native.dialect, native.body, textsOf(request), textsOf({ turns })) }
    : native;
}

function isSaid({ role }: Turn): boolean {
  return role === 'user' || role === 'tool';
}

function textsIn(part: Part): readonly string[] {
  return part.kind === 'text'
    ? hasPlace(part)
      ? [part.text]
      : []
    : part.kind === 'tool-result'
      ? part.parts.flatMap(piece => textsIn(piece))
      : [];
}

function hasPlace({ text, native }: TextPart): boolean {
  return text !== '' && native?.['block'] === undefined;
}

class Rewriting {
  private places = 0;

  constructor(
    private untouched: number,
    private readonly rewrite: (said: SaidText) => string,
    private readonly placed: readonly boolean[] | undefined,
  ) {}

  turn(turn: Turn): Turn {
    if (!isSaid(turn)) {
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
    const { text: from, citations } = part;
    const isReached = this.untouched <= 0 && from.length - this.untouched <= MOST_CHARACTERS;
    const isPlaced = hasPlace(part) && (this.placed?.[this.places++] ?? true);
    const isFree = isReached && isPlaced && citations === undefined;
    this.pass(from.length);
    const rewritten = this.rewrite({ text: from, result, isFree });
    return !isFree || rewritten === from ? part : { ...part, text: rewritten };
  }

  private pass(characters: number): void {
    this.untouched -= characters;
  }
}

function charactersOf(part: Part): number {
  return part.kind === 'text' ? part.text.length : part.kind === 'tool-call' ? part.arguments.length : 0;
}
