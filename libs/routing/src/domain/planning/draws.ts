/** Many draws from [0, 1) out of one, the same every time (mulberry32): a recorded decision can be made again. */
export class Draws {
  private state: number;

  constructor(seed: number) {
    this.state = Math.floor(seed * 4_294_967_296) | 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
