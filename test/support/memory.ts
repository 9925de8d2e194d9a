import { readFileSync, writeFileSync } from 'node:fs';

/** Linux alone tells what a process used at most. */
export const TELLS_MEMORY = process.platform === 'linux';

/** Bytes of memory that a process has now. */
export function residentBytes(pid: number): number {
  return told(pid, 'VmRSS');
}

/** Bytes of memory that a process had at most, since it began, or since `forgetPeak`. */
export function peakBytes(pid: number): number {
  return told(pid, 'VmHWM');
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function told(pid: number, name: string): number {
  const [, kiB] = new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kiB) * 1024;
}
