import { Injectable } from '@nestjs/common';
import { Clock } from '@app/shared';
import { CircuitBreaker } from './circuit-breaker.js';
import { Random } from './random.js';
import { type GuardedTarget, RecentBreakers } from './recent-breakers.js';
import { RecentMap } from './recent-map.js';
import { TargetFacts } from './target-facts.js';

/** Callers invent names of models. */
const REMEMBERED = 5000;
/** Projects with keys of their own have one for each of their targets. */
const REMEMBERED_BREAKERS = 20_000;

/** The facts about every target that this gateway called lately. */
@Injectable()
export class TargetHealth {
  private readonly targets = new RecentMap<TargetFacts>(REMEMBERED, facts => facts.open > 0);
  private readonly breakers = new RecentBreakers(REMEMBERED_BREAKERS);
  /** Of a target that nobody has called. */
  private readonly nothing: TargetFacts;
  private readonly untried: CircuitBreaker;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.nothing = new TargetFacts('', clock);
    this.untried = new CircuitBreaker(clock, random);
  }

  /** @param id `vendor/model` */
  of(id: string): TargetFacts {
    let facts = this.targets.get(id);
    if (!facts) {
      facts = new TargetFacts(id, this.clock);
      this.targets.add(id, facts);
    }
    return facts;
  }

  /** The same to look at only: whoever was never called is not remembered for it. @param id `vendor/model` */
  look(id: string): TargetFacts {
    return this.targets.get(id) ?? this.nothing;
  }

  /** Those used lately first. */
  all(): TargetFacts[] {
    return Array.from(this.targets.entries(), ([, facts]) => facts);
  }

  /**
   * Keeps calls with one owner's keys from a target that fails them. What a project meets with its own key may be its own
   * account, region or proxy, and must not take the target from the others.
   *
   * @param id `vendor/model`
   * @param owner see `GuardedTarget`
   */
  breaker(id: string, owner: string | null): CircuitBreaker {
    let guarded = this.breakers.get(id, owner);
    if (!guarded) {
      const told = (status: number | null): void => this.of(id).failedWith(status);
      guarded = { id, owner, breaker: new CircuitBreaker(this.clock, this.random, told) };
      this.breakers.add(guarded);
    }
    return guarded.breaker;
  }

  /** The same to look at only. */
  lookAtBreaker(id: string, owner: string | null): CircuitBreaker {
    return this.breakers.get(id, owner)?.breaker ?? this.untried;
  }

  /** Those used lately first. */
  allBreakers(): GuardedTarget[] {
    return this.breakers.all();
  }
}
