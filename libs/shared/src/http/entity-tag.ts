import { createHash } from 'node:crypto';

const DIGEST_CHARS = 16;
const TAG = /^"(?<version>\d+)(?:-[\w-]+)?"$/;

/**
 * The `ETag` of a record as it is shown: its version, and a digest of the whole, since some of it changes without a new
 * version (when a key was last used, whether it has expired).
 */
export function entityTag<Versioned extends { readonly version: unknown }>(record: Versioned): string {
  const digest = createHash('sha256').update(JSON.stringify(record)).digest('base64url');
  return `"${String(record.version)}-${digest.slice(0, DIGEST_CHARS)}"`;
}

/** The version that a tag of `If-Match` stands for, with or without the digest; null for anything else. */
export function versionOf(tag: string): number | null {
  const version = TAG.exec(tag)?.groups?.['version'];
  return version === undefined ? null : Number(version);
}
