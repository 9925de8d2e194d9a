/** Counts wrong keys by address, so that guessing is answered with 429. */
export abstract class WrongKeys {
  /** How many ms the address shall wait until another unknown key of it is looked up, or 0. Counts nothing. */
  abstract waitOf(address: string): Promise<number>;
  /** Counts one more; how many ms the address shall wait, or 0 while it is within bounds. */
  abstract record(address: string): Promise<number>;
}
