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

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @param id `vendor/model` */
  of(id: string): TargetFacts {
    let facts = this.targets.get(id);
    if (!facts) {
      facts = new TargetFacts(id, this.clock, this.random);
      this.targets.add(id, facts);
    }
    return facts;
  }

  /** Those used lately first. */
  all(): TargetFacts[] {
    return Array.from(this.targets.entries(), ([, facts]) => facts);
  }
}
