// oxlint-disable-next-line import/default -- a CommonJS module, whose types do not say so
import g711 from 'alawmulaw';
import type { Sound } from '../domain/live-crossing.js';
import { AtRate } from './resampler.js';

/** As OpenAI names them: PCM, and both kinds of sound of telephones (ITU G.711). */
export type SoundType = 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';

export interface SoundFormat {
  readonly type: SoundType;
  /** Samples of a second. */
  readonly rate: number;
}

export const TELEPHONE_RATE = 8000;

const LAWS = { 'audio/pcmu': g711.mulaw, 'audio/pcma': g711.alaw } as const;

/** Sound as a caller sends it. @param bytes of the format */
export function decodeSound(bytes: Buffer, { type, rate }: SoundFormat): Sound {
  if (type === 'audio/pcm') {
    return { pcm: bytes, rate };
  }
  const samples = LAWS[type].decode(bytes);
  return { pcm: Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), rate };
}

/** Sound of a stream as a caller wants it. */
export class SoundEncoder {
  private readonly atRate: AtRate;

  constructor(readonly format: SoundFormat) {
    this.atRate = new AtRate(format.rate);
  }

  encode(sound: Sound): Buffer {
    const pcm = this.atRate.of(sound);
    const { type } = this.format;
    if (type === 'audio/pcm') {
      return pcm;
    }
    const aligned = Buffer.from(pcm); // the samples of a part of a pool may stand at odd places
    return Buffer.from(
      LAWS[type].encode(new Int16Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / 2))),
    );
  }
}
