/** All sound here is PCM of 16 bits, little-endian, one channel. */
export const BYTES_PER_SAMPLE = 2;
/** Samples of each second of all that is spoken, and that OpenAI hears. */
export const SPOKEN_RATE = 24_000;
/** Sixteen characters a second: an unhurried speaker. */
export const MS_PER_CHARACTER = 60;

/** Milliseconds that so many bytes last. */
export function durationOfPcm(bytes: number, rate = SPOKEN_RATE): number {
  return (bytes / BYTES_PER_SAMPLE / rate) * 1000;
}
