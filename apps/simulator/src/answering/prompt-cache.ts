import { createHash } from 'node:crypto';
import type { Prompt, Turn } from './prompt.js';
import { countTokens, TOKENS_PER_MEDIUM } from './tokens.js';

/** As at the vendors: shorter beginnings of a prompt are not worth keeping. */
const FEWEST_TOKENS = 1024;
const MOST_PREFIXES = 10_000;

export interface InputTokens {
  /** All of the prompt, cached or not. */
  readonly input: number;
  readonly cached: number;
  /** Newly written into the cache, where the caller marked what to keep: other writes are free. */
  readonly written: number;
}

/** Remembers beginnings of prompts, whole turns at a time, per model. */
export class PromptCache {
  private readonly seen = new Set<string>();

  /** Counts a prompt's tokens, finds how many of them were seen before, and remembers it. */
  measure(prompt: Prompt): InputTokens {
    const { toolTokens, turnTokens, input } = countPrompt(prompt);
    if (input < FEWEST_TOKENS || prompt.cacheableTurns === 0) {
      return { input, cached: 0, written: 0 };
    }
    return { input, ...this.lookUp(prompt, turnTokens, toolTokens) };
  }

  clear(): void {
    this.seen.clear();
  }

  private lookUp(
    prompt: Prompt,
    turnTokens: readonly number[],
    toolTokens: number,
  ): Omit<InputTokens, 'input'> {
    const hash = createHash('sha1').update(prompt.model).update(JSON.stringify(prompt.tools));
    let tokens = toolTokens;
    let cached = 0;
    for (let index = 0; index < Math.min(prompt.cacheableTurns, prompt.turns.length); index++) {
      hash.update(JSON.stringify(prompt.turns[index]));
      tokens += turnTokens[index] ?? 0;
      if (tokens >= FEWEST_TOKENS && this.remember(hash.copy().digest('base64'))) {
        cached = tokens;
      }
    }
    const isMarked = Number.isFinite(prompt.cacheableTurns);
    return { cached, written: isMarked && tokens >= FEWEST_TOKENS ? tokens - cached : 0 };
  }

  private remember(prefix: string): boolean {
    if (this.seen.has(prefix)) {
      return true;
    }
    this.seen.add(prefix);
    if (this.seen.size > MOST_PREFIXES) {
      this.seen.delete(this.seen.values().next().value ?? '');
    }
    return false;
  }
}

function tokensOfTurn(turn: Turn): number {
  return countTokens(turn.text) + turn.media.length * TOKENS_PER_MEDIUM;
}

/** The tokens of a prompt, of its tools and of each of its turns. */
export function countPrompt({ tools, turns }: Prompt): {
  readonly toolTokens: number;
  readonly turnTokens: readonly number[];
  readonly input: number;
} {
  const toolTokens = tools.length > 0 ? countTokens(JSON.stringify(tools)) : 0;
  const turnTokens = turns.map(tokensOfTurn);
  return { toolTokens, turnTokens, input: turnTokens.reduce((sum, tokens) => sum + tokens, toolTokens) };
}
