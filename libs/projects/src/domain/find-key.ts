interface HashedKeys<Key> {
  findByHash(hash: string): Promise<Key | null>;
  rehash(from: string, to: string): Promise<void>;
}

/**
 * The key with one of the hashes. One that was issued under an older encryption key moves to the active one, whose hash
 * comes first, so that the older one can leave the ring when every key in use has been used once.
 */
export async function findKey<Key>(keys: HashedKeys<Key>, hashes: readonly string[]): Promise<Key | null> {
  const [active = ''] = hashes;
  for (const hash of hashes) {
    const found = await keys.findByHash(hash);
    if (found) {
      if (hash !== active) {
        await keys.rehash(hash, active).catch(() => undefined); // the key is good all the same; the next use tries again
      }
      return found;
    }
  }
  // Another gateway may have moved it between two of the questions.
  return hashes.length > 1 ? keys.findByHash(active) : null;
}
