import type { KeyedHash, Secrets } from '@app/shared';

interface HashedKeys<Key> {
  findByHash(hash: string): Promise<Key | null>;
  rehash(from: string, to: KeyedHash): Promise<void>;
}

/**
 * The stored key that was presented. One that was issued under an older encryption key moves to the active one, whose hash
 * comes first, so that the older one can leave the ring when every key in use has been used once.
 */
export async function findKey<Key>(
  keys: HashedKeys<Key>,
  secrets: Secrets,
  presented: string,
): Promise<Key | null> {
  const hashes = secrets.hashes(presented);
  const active = secrets.keyedHash(presented);
  for (const hash of hashes) {
    const found = await keys.findByHash(hash);
    if (found) {
      if (hash !== active.hash) {
        await keys.rehash(hash, active).catch(() => undefined); // the key is good all the same; the next use tries again
      }
      return found;
    }
  }
  // Another gateway may have moved it between two of the questions.
  return hashes.length > 1 ? keys.findByHash(active.hash) : null;
}
