import type { Losses } from '../domain/losses.js';
import type { Target } from '../domain/dialect.js';

/** What every piece of the request writer needs. */
export interface WriteContext {
  readonly target: Target;
  readonly losses: Losses;
  /** The caller speaks this dialect too, so file ids of its request are ids at this vendor. */
  readonly native: boolean;
}
