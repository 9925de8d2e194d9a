import { Injectable } from '@nestjs/common';

/** Chance, injected so that a test says what comes up. */
@Injectable()
export class Random {
  /** At least 0, less than 1. */
  next(): number {
    return Math.random();
  }
}
