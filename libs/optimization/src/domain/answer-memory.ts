import type { CachedAnswer } from './cached-answer.entity.js';
import { FairMemory } from './fair-memory.js';

/** Bytes of an entry besides its body. */
const OVERHEAD_BYTES = 1024;
const BYTES_OF_NUMBER = 8;

/** Answers in memory. */
export class AnswerMemory extends FairMemory<CachedAnswer> {
  constructor(limitBytes: number) {
    super(limitBytes, sizeOf);
  }
}

function sizeOf({ body, pieces }: CachedAnswer): number {
  return body.length + pieces.length * BYTES_OF_NUMBER + OVERHEAD_BYTES;
}
