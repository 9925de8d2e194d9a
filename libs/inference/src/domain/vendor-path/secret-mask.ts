const STAR = 0x2a;
/** Shorter ones would be found in innocent texts. */
const SHORTEST = 8;

/**
 * Stars over a secret in bytes on their way, also where a chunk ends inside it: some vendors repeat the key in an error.
 * As many bytes come out as went in. A secret is one line of ASCII.
 */
export class SecretMask {
  private readonly secrets: readonly Buffer[];
  /** The end of the last chunk, while it might be the beginning of a secret. */
  private held: Buffer = Buffer.alloc(0);

  constructor(secrets: readonly string[]) {
    this.secrets = secrets.filter(({ length }) => length >= SHORTEST).map(secret => Buffer.from(secret));
  }

  push(chunk: Buffer): Buffer {
    let bytes = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    for (const secret of this.secrets) {
      bytes = cover(bytes, secret);
    }
    const kept = bytes.length - this.beginning(bytes);
    this.held = bytes.subarray(kept);
    return bytes.subarray(0, kept);
  }

  /** The body has ended: what was held back. */
  end(): Buffer {
    return this.held;
  }

  isIn(text: string): boolean {
    return this.secrets.some(secret => text.includes(secret.toString()));
  }

  /** How many of the last bytes a secret may begin with. */
  private beginning(bytes: Buffer): number {
    let most = 0;
    for (const secret of this.secrets) {
      for (let size = Math.min(secret.length - 1, bytes.length); size > most; size--) {
        if (bytes.compare(secret, 0, size, bytes.length - size) === 0) {
          most = size;
        }
      }
    }
    return most;
  }
}

function cover(bytes: Buffer, secret: Buffer): Buffer {
  let at = bytes.indexOf(secret);
  if (at < 0) {
    return bytes;
  }
  const covered = Buffer.from(bytes);
  for (; at >= 0; at = covered.indexOf(secret, at)) {
    covered.fill(STAR, at, at + secret.length);
  }
  return covered;
}
