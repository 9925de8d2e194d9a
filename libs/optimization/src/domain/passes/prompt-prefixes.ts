import { createHash, type Hash } from 'node:crypto';
import { estimateTokens, type GenerationRequest, type Part, type ResultPart, type Turn } from '@app/dialects';

/** A beginning of a prompt, up to a place where a mark may stand. */
export interface Prefix {
  /** Of all that stands before its end, of the project and of the model. */
  readonly hash: string;
  /** Estimated, as the gateway does. */
  readonly tokens: number;
  readonly end: PrefixEnd;
}

/** The last tool, or a part of a turn. */
export type PrefixEnd = 'tools' | { readonly turn: number; readonly part: number };

/** The prefixes of a prompt. A longer one begins with all shorter ones. */
export interface PromptPrefixes {
  /** What conversations of an application have in common: its tools, and its instructions behind them. None, one or two. */
  readonly shared: readonly Prefix[];
  /** The prompts that a conversation has asked so far, this one last. At least one. */
  readonly own: readonly Prefix[];
}

/** As much as a picture of middling size. */
export const MEDIUM_TOKENS = 1000;
/** Of long base64, its length and both ends tell it from another. */
const COMPARED = 1024;

/**
 * @param scope what keeps equal prompts apart: the project, vendor and model
 * @returns null when there is nothing but instructions, or no end that could be marked
 */
export function prefixesOf(request: GenerationRequest, scope: string): PromptPrefixes | null {
  const { turns, tools, settings } = request;
  const first = turns.findIndex(turn => !isInstruction(turn));
  if (first < 0) {
    return null;
  }
  const said = new Said(scope);
  const shared: Prefix[] = [];
  said.add(JSON.stringify(tools.list));
  if (tools.list.at(-1)?.kind === 'function') {
    shared.push(said.prefix('tools'));
  }
  turns.slice(0, first).forEach(turn => said.addTurn(turn));
  const instructed = first > 0 && endOf(turns, first - 1);
  if (instructed) {
    shared.push(said.prefix(instructed));
  }
  // What begins the messages anew at the vendor; tools and instructions stay cached.
  said.note(JSON.stringify([tools.choice, tools.parallel, settings.reasoning, settings.format]));
  const own: Prefix[] = [];
  const last = turns.findLastIndex(isAsking);
  for (let at = first; at <= last; at++) {
    const turn = turns[at] as Turn;
    said.addTurn(turn);
    const end = isAsking(turn) && (at === last || turns[at + 1]?.role === 'assistant') && endOf(turns, at);
    if (end) {
      own.push(said.prefix(end));
    }
  }
  return own.length > 0 ? { shared, own } : null;
}

function isInstruction({ role }: Turn): boolean {
  return role === 'system' || role === 'developer';
}

function isAsking({ role }: Turn): boolean {
  return role === 'user' || role === 'tool';
}

/** The last part of a turn, if it may be marked. */
function endOf(turns: readonly Turn[], turn: number): PrefixEnd | null {
  const parts = turns[turn]?.parts ?? [];
  const last = parts.at(-1);
  return last && isMarkable(last) ? { turn, part: parts.length - 1 } : null;
}

/** Vendors take no mark on empty text; and a block that is carried verbatim gets none. */
function isMarkable(part: Part): boolean {
  if (part.kind === 'tool-result') {
    const last = part.parts.at(-1);
    return last !== undefined && last.kind !== 'native' && isMarkable(last);
  }
  if (part.kind !== 'text' && part.kind !== 'media') {
    return false;
  }
  return part.native?.['block'] === undefined && (part.kind === 'media' || part.text.trim() !== '');
}

/** What was said so far, as a hash and a count. */
class Said {
  private readonly hash: Hash;
  private characters = 0;
  private media = 0;

  constructor(scope: string) {
    this.hash = createHash('sha1').update(scope); // a name in a map, not a secret: the fastest that is long enough
  }

  add(text: string): void {
    this.characters += text.length;
    this.note(text);
  }

  /** What the model does not read. */
  note(text: string): void {
    this.hash.update(`\n${text.length}:`).update(text);
  }

  addTurn({ role, parts }: Turn): void {
    this.note(role);
    parts.forEach(part => this.addPart(part));
  }

  prefix(end: PrefixEnd): Prefix {
    const tokens = estimateTokens(this.characters) + this.media * MEDIUM_TOKENS;
    return { hash: this.hash.copy().digest('base64'), tokens, end };
  }

  private addPart(part: Part | ResultPart): void {
    this.note(part.kind);
    switch (part.kind) {
      case 'text':
        return this.add(part.text);
      case 'tool-call':
        return this.add(`${part.id} ${part.name} ${part.arguments}`);
      case 'tool-result':
        this.note(part.callId);
        return part.parts.forEach(piece => this.addPart(piece));
      case 'media':
        this.media += 1;
        return this.note(JSON.stringify(part, shortened));
      default:
        return this.add(JSON.stringify(part));
    }
  }
}

function shortened(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > 4 * COMPARED
    ? `${value.length} ${value.slice(0, COMPARED)} ${value.slice(-COMPARED)}`
    : value;
}
