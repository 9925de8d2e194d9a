import type { Sound } from '../domain/live-crossing.js';

export const BYTES_PER_SAMPLE = 2;

/** Milliseconds that it lasts. */
export function durationOf({ pcm, rate }: Sound): number {
  return (pcm.length / BYTES_PER_SAMPLE / rate) * 1000;
}
