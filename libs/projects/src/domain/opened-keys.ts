import type { StoredProviderKey } from './provider-key.entity.js';

/** A vendor's key in the clear: for the vendor's ears only. */
export interface OpenedProviderKey {
  readonly id: string;
  readonly secret: string;
  /** Share of the calls beside the other keys; 0 stands by. */
  readonly weight: number;
}

interface Opened {
  readonly key: StoredProviderKey;
  readonly secret: string;
}

/**
 * The active keys of a vendor that can be opened, the largest share first. The default one has a share of 1 at least, and
 * so has the latest, where nothing else says which to use.
 *
 * @param keys of a project, latest first
 * @throws what `open` throws, when it opens none of them
 */
export function openedKeys(
  keys: readonly StoredProviderKey[],
  vendor: string,
  open: (key: StoredProviderKey) => string,
): readonly OpenedProviderKey[] {
  const those = keys.filter(({ provider, status }) => provider === vendor && status === 'active');
  const opened = openAll(those, open);
  const latest = opened.every(({ key }) => key.weight === 0) ? opened[0] : undefined;
  const first = opened.find(({ key }) => key.isDefault) ?? latest;
  const shareOf = (one: Opened): number => (one === first ? Math.max(one.key.weight, 1) : one.key.weight);
  return opened
    .toSorted((a, b) => shareOf(b) - shareOf(a) || Number(b === first) - Number(a === first))
    .map(one => ({ id: one.key.id, secret: one.secret, weight: shareOf(one) }));
}

/** Without those that cannot be opened, unless that is all of them. */
function openAll(keys: readonly StoredProviderKey[], open: (key: StoredProviderKey) => string): Opened[] {
  const opened: Opened[] = [];
  let failure: unknown;
  for (const key of keys) {
    try {
      opened.push({ key, secret: open(key) });
    } catch (error) {
      failure ??= error;
    }
  }
  if (opened.length === 0 && failure !== undefined) {
    throw failure;
  }
  return opened;
}
