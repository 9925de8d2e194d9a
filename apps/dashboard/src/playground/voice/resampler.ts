/** What the gateway's sessions hear and speak: PCM, 16 bits, little-endian, one channel. */
export const VOICE_HZ = 24_000;

const LOUDEST = 32_767;
/** What sums of fractions miss a whole by, at most. */
const NOTHING = 1e-9;

/** Makes sound of one rate another's: each sample that comes out is the mean of what came in during its time. */
export class Resampler {
  /** In samples that come in. */
  private readonly step: number;
  private sum = 0;
  private heard = 0;

  constructor(from: number, to: number = VOICE_HZ) {
    this.step = from / to;
  }

  /** @param samples between -1 and 1 @returns of 16 bits, as many as are whole by now */
  push(samples: Float32Array): number[] {
    const out: number[] = [];
    for (const sample of samples) {
      let rest = 1;
      while (rest > NOTHING) {
        const part = Math.min(rest, this.step - this.heard);
        this.sum += sample * part;
        this.heard += part;
        rest -= part;
        if (this.step - this.heard <= NOTHING) {
          out.push(toPcm(this.sum / this.step));
          this.sum = 0;
          this.heard = 0;
        }
      }
    }
    return out;
  }
}

function toPcm(sample: number): number {
  return Math.round(Math.max(-1, Math.min(1, sample)) * LOUDEST);
}
