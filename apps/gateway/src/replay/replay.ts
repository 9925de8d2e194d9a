import { plan, type RoutingPlan, type RoutingSnapshot } from '@app/routing';

/** Of the snapshots that `plan` understands. */
const VERSION: RoutingSnapshot['v'] = 1;
const FIELDS = ['order', 'scores', 'excluded'] as const;
/** How many differences are kept in words. */
const NAMED = 10;

export interface Difference {
  readonly id: string;
  /** A sentence for each part of the plan that came out otherwise. */
  readonly what: readonly string[];
}

/** Makes recorded decisions again, from what was known when they were made, and notes those that come out otherwise. */
export class Replay {
  /** Of all decisions. */
  decisions = 0;
  /** Of those that differ. */
  differ = 0;
  /** Of those that were too long to keep whole: nothing can be made of them again. */
  truncated = 0;
  /** Of those that are of a version, or in a form, that is not known here: of a newer gateway, or no decisions at all. */
  unreadable = 0;
  /** The first that differ. */
  readonly differences: Difference[] = [];

  /** Of those that were made again. */
  get replayed(): number {
    return this.decisions - this.truncated - this.unreadable;
  }

  /** @param decision as it was recorded */
  add(id: string, decision: object): void {
    this.decisions += 1;
    if ('truncated' in decision) {
      this.truncated += 1;
      return;
    }
    if (!isReadable(decision)) {
      this.unreadable += 1;
      return;
    }
    const what = differencesIn(decision);
    if (what.length === 0) {
      return;
    }
    this.differ += 1;
    if (this.differences.length < NAMED) {
      this.differences.push({ id, what });
    }
  }
}

/** What there is without a snapshot is told as a difference: a decision without one was never kept. */
function isReadable(decision: object): decision is Recorded {
  const { snapshot } = decision as Partial<Recorded>;
  return !('unreadable' in decision) && (snapshot?.v ?? VERSION) === VERSION;
}

interface Recorded {
  readonly snapshot: RoutingSnapshot;
  readonly plan: RoutingPlan;
}

/** Compared as JSON, as which the recorded plan was kept: that makes null of infinity. */
function differencesIn({ snapshot, plan: recorded }: Recorded): string[] {
  let again: RoutingPlan;
  try {
    again = plan(snapshot);
  } catch (error) {
    return [`the snapshot makes no plan: ${String(error)}`];
  }
  return FIELDS.flatMap(field => {
    const [was, is] = [JSON.stringify(recorded?.[field]), JSON.stringify(again[field])];
    return was === is ? [] : [`${field} was ${was} and is ${is}`];
  });
}
