import type { Prompt } from '../answering/prompt.js';
import { countPrompt } from '../answering/prompt-cache.js';
import { readPrompt } from '../gemini/prompt.js';
import type { JsonObject } from '../json.js';
import type { Setup } from './setup.js';

/** Tokens of a second of speech, heard or spoken. https://ai.google.dev/gemini-api/docs/live */
const TOKENS_PER_SECOND = 25;

export function tokensOfSpeech(ms: number): number {
  return Math.ceil((ms * TOKENS_PER_SECOND) / 1000);
}

/** One content of a session. */
export interface Said {
  /** Speech as the words that were heard, or said. */
  readonly content: JsonObject;
  /** Milliseconds of speech; 0: it was text. */
  readonly audioMs: number;
}

/** What an answer is to be about. */
export function promptOf({ body, model }: Setup, said: readonly Said[]): Prompt {
  return { ...readPrompt({ ...body, contents: said.map(({ content }) => content) }, model), cache: 'none' };
}

/** Speech is paid as sound, not as words. */
export function inputTokens(setup: Setup, said: readonly Said[]): { text: number; audio: number } {
  const written = said.filter(({ audioMs }) => audioMs === 0);
  const audio = said.reduce((sum, { audioMs }) => sum + tokensOfSpeech(audioMs), 0);
  return { text: countPrompt(promptOf(setup, written)).input, audio };
}
