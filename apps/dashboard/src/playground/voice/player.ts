import { VOICE_HZ } from './resampler.js';

/** For what comes a little late. */
const LEAD_S = 0.05;

interface Piece {
  readonly itemId: string;
  readonly source: AudioBufferSourceNode;
  /** In the time of the context, in s. */
  readonly start: number;
  readonly seconds: number;
}

/** What was being said when it was cut off. */
export interface Cut {
  readonly itemId: string;
  /** So much of it was heard. */
  readonly heardMs: number;
}

/** Says what the model says, piece after piece. */
export class Player {
  private pieces: Piece[] = [];
  private end = 0;

  constructor(private readonly context: AudioContext) {}

  /** @param pcm 16 bits, little-endian, in an even number of bytes */
  play(itemId: string, pcm: Uint8Array<ArrayBuffer>): void {
    const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    const samples = Float32Array.from({ length: Math.floor(pcm.byteLength / 2) }, (_, at) => {
      return view.getInt16(2 * at, true) / 32_768;
    });
    if (samples.length === 0) {
      return;
    }
    const buffer = this.context.createBuffer(1, samples.length, VOICE_HZ);
    buffer.copyToChannel(samples, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    const start = Math.max(this.end, this.context.currentTime + LEAD_S);
    source.start(start);
    this.end = start + buffer.duration;
    this.pieces = this.pieces.filter(piece => piece.itemId === itemId || !this.isOver(piece));
    this.pieces.push({ itemId, source, start, seconds: buffer.duration });
  }

  /** Null when nothing was being said. */
  stop(): Cut | null {
    const saying = this.pieces.find(piece => !this.isOver(piece));
    const { currentTime } = this.context;
    const heard = this.pieces
      .filter(({ itemId }) => itemId === saying?.itemId)
      .map(({ start, seconds }) => Math.max(0, Math.min(seconds, currentTime - start)));
    for (const { source } of this.pieces) {
      source.stop();
    }
    this.pieces = [];
    this.end = 0;
    const heardMs = Math.floor(1000 * heard.reduce((sum, seconds) => sum + seconds, 0));
    return saying ? { itemId: saying.itemId, heardMs } : null;
  }

  private isOver({ start, seconds }: Piece): boolean {
    return start + seconds <= this.context.currentTime;
  }
}
