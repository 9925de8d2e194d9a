import type { JsonObject } from '../json.js';

/** What was asked, whatever the wire format. */
export interface Prompt {
  readonly model: string;
  readonly turns: readonly Turn[];
  /** The tools that may be called: none when the choice is "none", one when it names one. */
  readonly tools: readonly Tool[];
  readonly mustCall: boolean;
  readonly mayCallInParallel: boolean;
  /** Present when the answer has to be JSON; empty when any object will do. */
  readonly answerSchema: JsonObject | undefined;
  readonly reasoning: boolean;
  readonly maxTokens: number | undefined;
  readonly stops: readonly string[];
  /** What the vendor may keep in its prompt cache: whatever was there before, nothing, or up to the caller's marks. */
  readonly cache: 'automatic' | 'none' | readonly CacheMark[];
}

/** A mark on tools or on a turn, in prompt order. */
export interface CacheMark {
  /** So many leading turns it covers; 0: the tools alone. */
  readonly turns: number;
  readonly keepMs: number;
}

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly text: string;
  readonly media: readonly Medium[];
  /** Of a tool turn: which tool answered. */
  readonly toolName?: string;
  readonly failed?: boolean;
}

export interface Medium {
  readonly kind: 'image' | 'document' | 'audio recording' | 'video';
  /** Size of the decoded bytes, or where they are to be fetched. */
  readonly source: number | string;
}

export interface Tool {
  readonly name: string;
  readonly schema: JsonObject;
}

/** The size of what a base64 text holds, without decoding it. */
export function base64Bytes(data: string): number {
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return Math.floor((data.length * 3) / 4) - padding;
}

/** The source of a medium that is given as a URL, which may hold it. */
export function sourceOf(url: string): number | string {
  return url.startsWith('data:') ? base64Bytes(url.slice(url.indexOf(',') + 1)) : url;
}

export function kindOfMediaType(mediaType: string): Medium['kind'] {
  if (mediaType.startsWith('image/')) {
    return 'image';
  }
  if (mediaType.startsWith('audio/')) {
    return 'audio recording';
  }
  return mediaType.startsWith('video/') ? 'video' : 'document';
}

export function lastUserText(prompt: Prompt): string {
  return prompt.turns.findLast(turn => turn.role === 'user' && turn.text !== '')?.text ?? '';
}

/** The turns behind the last answer: what this call is about. */
export function freshTurns(prompt: Prompt): readonly Turn[] {
  return prompt.turns.slice(prompt.turns.findLastIndex(turn => turn.role === 'assistant') + 1);
}
