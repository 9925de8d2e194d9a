import { createHash } from 'node:crypto';

/** One of a request, in prompt order. */
export interface Piece {
  readonly text: string;
  readonly tokens: number;
}

interface Traffic {
  minute: number;
  calls: number;
}

const LEAST_TOKENS = 1024;
const ROUTED_BY_TOKENS = 256;
const CALLS_A_MINUTE = 15;
const KEEP_MS = 300_000;
const MINUTE_MS = 60_000;

/**
 * A vendor's prompt cache on many machines, after OpenAI's documentation: what the prompt begins with, and `prompt_cache_key`, say which
 * machine is asked, and that has in its cache what it has seen. With more than 15 calls a minute some go to others.
 * https://developers.openai.com/api/docs/guides/prompt-caching
 */
export class RoutedCache {
  private readonly machines: Map<string, number>[];
  private readonly traffic = new Map<string, Traffic>();

  constructor(
    private readonly now: () => number,
    private readonly random: () => number,
    machines = 50,
  ) {
    this.machines = Array.from({ length: machines }, () => new Map<string, number>());
  }

  /** Tokens that were read from the cache. */
  read(pieces: readonly Piece[], key: string | undefined): number {
    const machine = this.machineFor(pieces, key);
    const hash = createHash('sha1');
    let tokens = 0;
    let cached = 0;
    for (const piece of pieces) {
      hash.update(`\n${piece.text}`);
      tokens += piece.tokens;
      const name = hash.copy().digest('base64');
      if (tokens >= LEAST_TOKENS) {
        cached = (machine.get(name) ?? -1) >= this.now() ? tokens : cached;
        machine.set(name, this.now() + KEEP_MS);
      }
    }
    return cached;
  }

  private machineFor(pieces: readonly Piece[], key: string | undefined): Map<string, number> {
    const beginning = pieces
      .map(({ text }) => text)
      .join('\n')
      .slice(0, ROUTED_BY_TOKENS * 4);
    const route = JSON.stringify([beginning, key]);
    const minute = Math.floor(this.now() / MINUTE_MS);
    const known = this.traffic.get(route);
    const traffic = known?.minute === minute ? known : { minute, calls: 0 };
    this.traffic.set(route, traffic);
    traffic.calls += 1;
    const home = createHash('sha1').update(route).digest().readUInt32BE(0);
    const at = traffic.calls <= CALLS_A_MINUTE ? home : Math.floor(this.random() * this.machines.length);
    return this.machines[at % this.machines.length] as Map<string, number>;
  }
}
