import { createHash } from 'node:crypto';

/** A piece of a prompt, in the order that the model reads it: tools, system, messages. */
export interface Block {
  readonly text: string;
  readonly tokens: number;
  /** Marked: the prompt is to be cached up to here, for so many ms. */
  readonly keepMs?: number | undefined;
}

export interface CachedTokens {
  readonly cached: number;
  readonly written: number;
}

interface Entry {
  from: number;
  until: number;
  readonly keepMs: number;
}

/** So many blocks before a mark are looked at for something that is cached. */
const LOOKBACK_BLOCKS = 20;
const MOST_ENTRIES = 100_000;

/**
 * A vendor's prompt cache that has to be told what to keep, after Anthropic's documentation: what is marked is written, unless
 * it is too short; what was written within its time is read, from the longest beginning that is found up to 20 blocks before a
 * mark; and every use begins its time anew. What lies between is paid as a write.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export class MarkedPrefixes {
  private readonly entries = new Map<string, Entry>();

  /**
   * @param now monotonic ms
   * @param answersAfterMs an entry is there as soon as its answer begins, and not before
   */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly answersAfterMs = 0,
  ) {}

  /**
   * @param scope who may read it: the account, and the model
   * @param leastTokens shorter prefixes are not cached
   */
  measure(scope: string, blocks: readonly Block[], leastTokens: number): CachedTokens {
    const ends = prefixes(scope, blocks);
    const marks = ends.flatMap((end, at) => (end.keepMs && end.tokens >= leastTokens ? [at] : []));
    const read = Math.max(-1, ...marks.map(mark => this.found(ends, mark)));
    const last = marks.at(-1);
    const cached = ends[read]?.tokens ?? 0;
    for (const at of new Set([...(read < 0 ? [] : [read]), ...marks])) {
      this.touch(ends[at]?.hash ?? '', ends[at]?.keepMs);
    }
    return { cached, written: last === undefined ? 0 : Math.max(0, (ends[last]?.tokens ?? 0) - cached) };
  }

  clear(): void {
    this.entries.clear();
  }

  /** The longest prefix in the cache that the mark reaches; -1 for none. */
  private found(ends: readonly { readonly hash: string }[], mark: number): number {
    for (let at = mark; at >= Math.max(0, mark - LOOKBACK_BLOCKS); at--) {
      if (this.isThere(ends[at]?.hash ?? '')) {
        return at;
      }
    }
    return -1;
  }

  private isThere(hash: string): boolean {
    const entry = this.entries.get(hash);
    return entry !== undefined && entry.from <= this.now() && entry.until > this.now();
  }

  private touch(hash: string, keepMs: number | undefined): void {
    const entry = this.isThere(hash) ? this.entries.get(hash) : undefined;
    if (entry) {
      entry.until = this.now() + Math.max(entry.keepMs, keepMs ?? 0);
    } else if (keepMs) {
      this.entries.set(hash, { from: this.now() + this.answersAfterMs, until: this.now() + keepMs, keepMs });
      if (this.entries.size > MOST_ENTRIES) {
        this.entries.delete(this.entries.keys().next().value ?? '');
      }
    }
  }
}

function prefixes(scope: string, blocks: readonly Block[]) {
  const hash = createHash('sha1').update(scope);
  let tokens = 0;
  return blocks.map(block => {
    hash.update(`\n${block.text.length}:`).update(block.text);
    tokens += block.tokens;
    return { hash: hash.copy().digest('base64'), tokens, keepMs: block.keepMs };
  });
}
