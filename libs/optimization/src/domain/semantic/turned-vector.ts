import { createHash } from 'node:crypto';
import { hmac } from '../hmac.js';
import type { Vector } from './question-index.js';

/** So many mix every number with all others. */
const ROUNDS = 4;

/**
 * A vector for a store, which may be stolen: turned as only the key tells, and in each project otherwise. The angles between those of a
 * project stay what they are; without the key its numbers are no vector of the model, so that nobody reads a text out of them, or finds the one
 * of a text that he guesses. It is a random rotation of sign flips and Walsh-Hadamard transforms, in a tenth of a millisecond where a matrix takes
 * milliseconds. It is no encryption: how near questions are to each other shows, and whoever knows very many of them can reckon it out.
 *
 * @param key 32 bytes
 */
export function turnedVector(key: Buffer, projectId: string, { numbers, model }: Vector): Vector {
  const { length } = numbers;
  const bits = createHash('shake256', { outputLength: Math.ceil((ROUNDS * length) / 8) })
    .update(hmac(key, JSON.stringify(['vectors', projectId, model, length])))
    .digest();
  const block = 2 ** Math.floor(Math.log2(length));
  const turned = numbers.slice();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let at = 0; at < length; at += 1) {
      const bit = round * length + at;
      if (((bits[bit >> 3] as number) >> (bit & 7)) & 1) {
        turned[at] = -(turned[at] as number);
      }
    }
    // The first and the last of a length that is no power of two overlap.
    transform(turned.subarray(round % 2 === 0 ? 0 : length - block).subarray(0, block));
  }
  return { numbers: turned, model };
}

/** Walsh-Hadamard, in place; as many numbers as a power of two. Lengths stay. */
function transform(numbers: Float32Array): void {
  const scale = 1 / Math.SQRT2;
  for (let half = 1; half < numbers.length; half *= 2) {
    for (let from = 0; from < numbers.length; from += 2 * half) {
      for (let at = from; at < from + half; at += 1) {
        const [a, b] = [numbers[at] as number, numbers[at + half] as number];
        numbers[at] = (a + b) * scale;
        numbers[at + half] = (a - b) * scale;
      }
    }
  }
}
