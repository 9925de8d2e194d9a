import type { Route } from '@app/routing';
import type { Leg } from './leg.js';

/** Where a session goes on that has lost its vendor. */
export class SessionWays {
  /** Targets that failed the answer which is waited for, by id. */
  private readonly failed = new Set<string>();

  /** @param routes of the plan, in its order */
  constructor(private readonly routes: readonly Route[]) {}

  /** Whether somebody is left who has not failed the answer, when this one does. */
  areLeft(leg: Leg): boolean {
    this.forget(leg);
    const { id } = leg.route;
    return !this.failed.has(id) && this.routes.some(other => other.id !== id && !this.failed.has(other.id));
  }

  /** It has failed the answer. */
  noteFailed(leg: Leg): void {
    this.forget(leg);
    this.failed.add(leg.route.id);
  }

  /** First where something is kept of the session, last who failed the answer that is waited for. @param kept id of a target */
  from(kept: string | null): readonly Route[] {
    const rank = ({ id }: Route): number => (this.failed.has(id) ? 2 : id === kept ? 0 : 1);
    return this.routes.toSorted((one, other) => rank(one) - rank(other));
  }

  /** What failed before it has answered was another answer. */
  private forget({ turns }: Leg): void {
    if (turns.haveAnswered) {
      this.failed.clear();
    }
  }
}
