import { Injectable } from '@nestjs/common';
import { AnswerCache } from '@app/optimization';
import type { CacheUse } from '@app/shared';
import { Flights } from './flights.js';
import { type AskedTask, TaskVisit } from './task-visit.js';

/** Has tasks answered with what a vendor answered to the same one before. */
@Injectable()
export class TaskVisits {
  constructor(
    private readonly cache: AnswerCache,
    private readonly flights: Flights,
  ) {}

  /** @param use null where nothing is cached, and nobody is asked for it */
  of(asked: Omit<AskedTask, 'use'>, use: CacheUse | null): TaskVisit | null {
    return use && new TaskVisit(this.cache, this.flights, { ...asked, use });
  }
}
