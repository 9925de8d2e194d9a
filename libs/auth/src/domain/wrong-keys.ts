/** Counts wrong keys by address, so that guessing is answered with 429. It never stands in the way of a right key. */
export abstract class WrongKeys {
  /** Counts one more; how many ms the address shall wait, or 0 while it is within bounds. */
  abstract record(address: string): Promise<number>;
}
