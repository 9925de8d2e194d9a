/** Puts an item last; of more than so many the first goes, which was put longest ago: a map lists its keys in the order of insertion. */
export function putLast<Key, Item>(map: Map<Key, Item>, key: Key, item: Item, limit: number): void {
  map.delete(key);
  map.set(key, item);
  if (map.size > limit) {
    const [first] = map.keys();
    map.delete(first as Key);
  }
}
