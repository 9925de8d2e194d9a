import { Resampler, VOICE_HZ } from './resampler.js';

/** What browsers have in the scope of worklets, and TypeScript's library has not. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

/** A tenth of a second. */
const CHUNK = VOICE_HZ / 10;

/** Posts what it hears as PCM, in chunks. */
class MicrophoneProcessor extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate);
  private chunk: number[] = [];

  /** False would end it. */
  process([input]: readonly (readonly Float32Array[])[]): boolean {
    const samples = input?.[0];
    if (samples) {
      this.chunk.push(...this.resampler.push(samples));
    }
    if (this.chunk.length >= CHUNK) {
      const pcm = Int16Array.from(this.chunk);
      this.chunk = [];
      this.port.postMessage(pcm.buffer, [pcm.buffer]);
    }
    return true;
  }
}

registerProcessor('microphone', MicrophoneProcessor);
