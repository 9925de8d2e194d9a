const SHOWN = 4;
/** What is left of a secret must be three quarters of it. */
const LENGTH_FOR_EACH = 4;

/** One of our keys, recognisable but useless: `pk_1f0c…9a2e`. */
export function maskKey(key: string): string {
  const prefix = key.slice(0, key.indexOf('_') + 1);
  const secret = key.slice(prefix.length);
  return isLongFor(2 * SHOWN, secret)
    ? `${prefix}${secret.slice(0, SHOWN)}…${secret.slice(-SHOWN)}`
    : prefix + maskSecret(secret);
}

/** A key that others made: the end only, since the begin may be all that is secret about a short one. */
export function maskSecret(secret: string): string {
  return isLongFor(SHOWN, secret) ? `…${secret.slice(-SHOWN)}` : '…';
}

function isLongFor(shown: number, secret: string): boolean {
  return secret.length >= shown * LENGTH_FOR_EACH;
}
