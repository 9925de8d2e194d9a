/** The pieces as one, in memory of its own: what came, or was unpacked, is part of larger buffers, which would be kept with it. */
export function ownBytes(pieces: readonly Buffer[]): Buffer {
  const copy = Buffer.allocUnsafeSlow(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    at += piece.copy(copy, at);
  }
  return copy;
}
