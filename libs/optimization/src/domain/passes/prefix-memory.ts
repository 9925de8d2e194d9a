import { putLast } from '@app/shared';

/** What is remembered of a prefix. */
export interface Sighting {
  /** Monotonic ms. */
  readonly seenAt: number;
  /** How often in a row it came back in time: as it is, or as the beginning of what came after it. */
  readonly run: number;
  /** The vendor has it in its cache until then. Monotonic ms; 0: never. */
  readonly warmUntil: number;
  /** What its conversation has saved so far, in nano-USD: as much as may be put at risk there. */
  readonly savedNanoUsd: number;
}

/** Each is some 200 bytes. */
const REMEMBERED = 50_000;

/** Prefixes seen lately, by their hash. What was not seen for longest is forgotten. */
export class PrefixMemory {
  private readonly sightings = new Map<string, Sighting>();

  constructor(private readonly limit = REMEMBERED) {}

  get size(): number {
    return this.sightings.size;
  }

  get(hash: string): Sighting | undefined {
    return this.sightings.get(hash);
  }

  set(hash: string, sighting: Sighting): void {
    putLast(this.sightings, hash, sighting, this.limit);
  }
}
