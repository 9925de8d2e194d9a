import { Injectable } from '@nestjs/common';
import { Clock } from '@app/shared';
import { Random } from './random.js';
import { RecentMap } from './recent-map.js';
import { TargetFacts } from './target-facts.js';

/** Callers invent names of models. */
const REMEMBERED = 5000;

/** The facts about every target that this gateway called lately. */
@Injectable()
export class TargetHealth {
  private readonly targets = new RecentMap<TargetFacts>(REMEMBERED, facts => facts.open > 0);
  /** Of a target that nobody has called. */
  private readonly nothing: TargetFacts;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    this.nothing = new TargetFacts('', clock, random);
  }

  /** @param id `vendor/model` */
  of(id: string): TargetFacts {
    let facts = this.targets.get(id);
    if (!facts) {
      facts = new TargetFacts(id, this.clock, this.random);
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
}
