/** PCM of 16 bits, one channel: a tone, loud enough for speech. */
export function tone(ms: number, rate = 24_000): Buffer {
  return samples(ms, rate, index => Math.round(8000 * Math.sin((2 * Math.PI * 220 * index) / rate)));
}

export function silence(ms: number, rate = 24_000): Buffer {
  return samples(ms, rate, () => 0);
}

/** The loudest sample. */
export function peakOf(pcm: Buffer): number {
  return Math.max(
    ...Array.from({ length: pcm.length / 2 }, (_, index) => Math.abs(pcm.readInt16LE(index * 2))),
  );
}

function samples(ms: number, rate: number, at: (index: number) => number): Buffer {
  const pcm = Buffer.alloc(((ms * rate) / 1000) * 2);
  for (let index = 0; index < pcm.length / 2; index++) {
    pcm.writeInt16LE(at(index), index * 2);
  }
  return pcm;
}
