import { createHash } from 'node:crypto';
import { type Block, MarkedPrefixes } from './marked-prefixes.js';
import type { CacheMark, Prompt, Turn } from './prompt.js';
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

/** Remembers beginnings of prompts, whole turns at a time, per account and model. */
export class PromptCache {
  private readonly seen = new Set<string>();
  private readonly marked = new MarkedPrefixes();

  /**
   * Counts a prompt's tokens, finds how many of them were seen before, and remembers it.
   *
   * @param account by its key
   */
  measure(prompt: Prompt, account: string): InputTokens {
    const counted = countPrompt(prompt);
    const { input } = counted;
    const scope = `${account}\n${prompt.model}`;
    if (prompt.cache === 'none' || input < FEWEST_TOKENS) {
      return { input, cached: 0, written: 0 };
    }
    if (prompt.cache === 'automatic') {
      return { input, cached: this.lookUp(prompt, counted, scope), written: 0 };
    }
    return { input, ...this.marked.measure(scope, blocksOf(prompt, counted), leastTokens(prompt.model)) };
  }

  clear(): void {
    this.seen.clear();
    this.marked.clear();
  }

  private lookUp(prompt: Prompt, { toolTokens, turnTokens }: CountedPrompt, scope: string): number {
    const hash = createHash('sha1').update(scope).update(JSON.stringify(prompt.tools));
    let tokens = toolTokens;
    let cached = 0;
    prompt.turns.forEach((turn, index) => {
      hash.update(JSON.stringify(turn));
      tokens += turnTokens[index] ?? 0;
      if (tokens >= FEWEST_TOKENS && this.remember(hash.copy().digest('base64'))) {
        cached = tokens;
      }
    });
    return cached;
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

/** Anthropic's. https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
function leastTokens(model: string): number {
  if (/opus-4-[56]|haiku-4-5/.test(model)) {
    return 4096;
  }
  return /haiku|sonnet-4-6/.test(model) ? 2048 : FEWEST_TOKENS;
}

function blocksOf(
  { tools, turns, cache }: Prompt,
  { toolTokens, turnTokens }: CountedPrompt,
): readonly Block[] {
  const marks = Array.isArray(cache) ? (cache as readonly CacheMark[]) : [];
  return [tools, ...turns].map((said, index) => ({
    text: JSON.stringify(said),
    tokens: index === 0 ? toolTokens : (turnTokens[index - 1] ?? 0),
    keepMs: marks.find(mark => mark.turns === index)?.keepMs,
  }));
}

function tokensOfTurn(turn: Turn): number {
  return countTokens(turn.text) + turn.media.length * TOKENS_PER_MEDIUM;
}

interface CountedPrompt {
  readonly toolTokens: number;
  readonly turnTokens: readonly number[];
  readonly input: number;
}

/** The tokens of a prompt, of its tools and of each of its turns. */
export function countPrompt({ tools, turns }: Prompt): CountedPrompt {
  const toolTokens = tools.length > 0 ? countTokens(JSON.stringify(tools)) : 0;
  const turnTokens = turns.map(tokensOfTurn);
  return { toolTokens, turnTokens, input: turnTokens.reduce((sum, tokens) => sum + tokens, toolTokens) };
}
