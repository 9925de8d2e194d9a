/** Statuses and a dialect's words for errors. Read either way, the first row that fits counts. */
export type ErrorWords = readonly (readonly [status: number, word: string])[];

export function wordOf(words: ErrorWords, status: number): string | undefined {
  return words.find(([each]) => each === status)?.[1];
}

export function statusOf(words: ErrorWords, word: string): number | undefined {
  return words.find(([, each]) => each === word)?.[0];
}
