import { endianness } from 'node:os';

const BYTES = 4;
const SWAPPED = endianness() === 'BE';
/** Decimal digits that a 32-bit float may take; 9 are always enough. */
const DIGITS = [7, 8, 9];

/** A vector as OpenAI packs it: base64 of its numbers as little-endian 32-bit floats. */
export function packVector(vector: readonly number[]): string {
  return swapped(Buffer.from(Float32Array.from(vector).buffer)).toString('base64');
}

/** Tells a packed vector without unpacking it, which takes hundreds of times as long. */
export function isPackedVector(base64: string): boolean {
  return holdsNumbers(Buffer.from(base64, 'base64'));
}

/** The numbers of a packed vector; null when the text holds none. */
export function unpackVector(base64: string): number[] | null {
  const bytes = Buffer.from(base64, 'base64');
  if (!holdsNumbers(bytes)) {
    return null;
  }
  const aligned = new Uint8Array(swapped(bytes)).buffer;
  return Array.from(new Float32Array(aligned), shortest);
}

function holdsNumbers(bytes: Buffer): boolean {
  return bytes.length > 0 && bytes.length % BYTES === 0;
}

/** On the few machines that write numbers the other way round. */
function swapped(bytes: Buffer): Buffer {
  return SWAPPED ? bytes.swap32() : bytes;
}

/** The shortest decimal that is the same 32-bit float: `0.1`, not `0.10000000149011612`. */
function shortest(value: number): number {
  const decimals = DIGITS.map(digits => Number(value.toPrecision(digits)));
  return decimals.find(decimal => Object.is(Math.fround(decimal), value)) ?? value;
}
