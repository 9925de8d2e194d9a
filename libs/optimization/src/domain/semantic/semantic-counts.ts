import { Injectable } from '@nestjs/common';
import { Clock, putLast } from '@app/shared';
import type { Guard } from './guards.js';
import type { SemanticReport } from './semantic-report.entity.js';

/** Lower ones are of no interest. */
const LOWEST = -1;
const BANDS = [0.98, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, LOWEST];
const MOST_PROJECTS = 10_000;

type Counter =
  | 'asked'
  | 'unavailable'
  | 'found'
  | 'answered'
  | 'verified'
  | 'agreed'
  | 'savedNanoUsd'
  | 'embeddingNanoUsd';

class Counts implements Record<Counter, number> {
  asked = 0;
  unavailable = 0;
  found = 0;
  answered = 0;
  verified = 0;
  agreed = 0;
  savedNanoUsd = 0;
  embeddingNanoUsd = 0;
  readonly guarded: Partial<Record<Guard, number>> = {};
  readonly bands = BANDS.map(() => 0);

  constructor(readonly since: number) {}
}

/** What becomes of questions that are compared with others, by project, in the memory of this process. */
@Injectable()
export class SemanticCounts {
  private readonly projects = new Map<string, Counts>();

  constructor(private readonly clock: Clock) {}

  /** @returns how many it are now */
  add(projectId: string, what: Counter, more = 1): number {
    const counts = this.of(projectId);
    counts[what] += more;
    return counts[what];
  }

  guarded(projectId: string, by: Guard): void {
    const { guarded } = this.of(projectId);
    guarded[by] = (guarded[by] ?? 0) + 1;
  }

  /** @param similarity of the nearest question */
  near(projectId: string, similarity: number): void {
    const { bands } = this.of(projectId);
    const at = BANDS.findIndex(from => similarity >= from || from === LOWEST);
    bands[at] = (bands[at] ?? 0) + 1;
  }

  report(projectId: string): SemanticReport {
    const counts = this.projects.get(projectId);
    const { since, bands, ...told } = counts ?? new Counts(0);
    return {
      since: counts ? new Date(since).toISOString() : null,
      ...told,
      guarded: { ...told.guarded },
      similarities: BANDS.map((from, at) => ({ from, questions: bands[at] ?? 0 })),
    };
  }

  private of(projectId: string): Counts {
    const known = this.projects.get(projectId);
    if (known) {
      return known;
    }
    const counts = new Counts(this.clock.now());
    putLast(this.projects, projectId, counts, MOST_PROJECTS);
    return counts;
  }
}
