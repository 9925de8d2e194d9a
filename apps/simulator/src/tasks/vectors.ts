import { createHash } from 'node:crypto';

const NUMBERS_PER_DIGEST = 8;
const BYTES = 4;
const LARGEST = 2 ** 31;

/** A vector of length 1 that depends on nothing but model, text and size; every number is a 32-bit float. */
export function vectorOf(model: string, text: string, size: number): readonly number[] {
  const numbers = Array.from({ length: Math.ceil(size / NUMBERS_PER_DIGEST) }, (_, block) =>
    numbersOf(createHash('sha256').update(`${model}\0${block}\0${text}`).digest()),
  )
    .flat()
    .slice(0, size);
  const length = Math.hypot(...numbers);
  return numbers.map(number => Math.fround(number / length));
}

function numbersOf(digest: Buffer): number[] {
  return Array.from({ length: NUMBERS_PER_DIGEST }, (_, at) => digest.readInt32LE(at * BYTES) / LARGEST);
}

/** As OpenAI packs a vector: little-endian floats in base64. */
export function packed(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * BYTES);
  vector.forEach((number, at) => bytes.writeFloatLE(number, at * BYTES));
  return bytes.toString('base64');
}
