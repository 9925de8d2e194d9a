const SHOWN = 4;
/** Shorter secrets would be half shown. */
const MASKABLE_LENGTH = 16;

/** One of our keys, recognisable but useless: `pk_1f0c…9a2e`. */
export function maskKey(key: string): string {
  const prefix = key.indexOf('_') + 1;
  return `${key.slice(0, prefix + SHOWN)}…${key.slice(-SHOWN)}`;
}

/** A vendor's key: the end only, since the begin may be all that is secret about a short one. */
export function maskSecret(secret: string): string {
  return secret.length < MASKABLE_LENGTH ? '…' : `…${secret.slice(-SHOWN)}`;
}
