interface Kept {
  readonly projectId: string;
  readonly key: string;
}

/** What one project has, the one that was not used for the longest time first. */
class Shelf<Entry> {
  readonly entries = new Map<string, Entry>();
  bytes = 0;
}

/**
 * Bounded by bytes. When it is full, the project that has most in it gives up what it did not use for the
 * longest time: nobody loses anything to a project that has more, and one that is alone has all.
 */
export class FairMemory<Entry extends Kept> {
  private readonly shelves = new Map<string, Shelf<Entry>>();
  private used = 0;

  /**
   * @param sizeOf in bytes; always the same for the same entry
   * @param gone hears of every entry that leaves
   */
  constructor(
    private readonly limitBytes: number,
    private readonly sizeOf: (entry: Entry) => number,
    private readonly gone: (entry: Entry) => void = () => {},
  ) {}

  get bytes(): number {
    return this.used;
  }

  /** It is used by that. */
  get(projectId: string, key: string): Entry | null {
    const entries = this.shelves.get(projectId)?.entries;
    const entry = entries?.get(key);
    if (!entries || !entry) {
      return null;
    }
    entries.delete(key);
    entries.set(key, entry);
    return entry;
  }

  /** This very one. It is not used by that. */
  has(entry: Entry): boolean {
    return this.shelves.get(entry.projectId)?.entries.get(entry.key) === entry;
  }

  /** In the place of what was kept by that key; not at all when it is larger than the memory. */
  set(entry: Entry): void {
    const { projectId, key } = entry;
    this.delete(projectId, key);
    const size = this.sizeOf(entry);
    if (size > this.limitBytes) {
      return;
    }
    const shelf = this.shelves.get(projectId) ?? new Shelf();
    this.shelves.set(projectId, shelf);
    shelf.entries.set(key, entry);
    shelf.bytes += size;
    this.used += size;
    while (this.used > this.limitBytes) {
      this.giveUpOne();
    }
  }

  delete(projectId: string, key: string): void {
    const shelf = this.shelves.get(projectId);
    const entry = shelf?.entries.get(key);
    if (!shelf || !entry) {
      return;
    }
    const size = this.sizeOf(entry);
    shelf.entries.delete(key);
    shelf.bytes -= size;
    this.used -= size;
    if (shelf.entries.size === 0) {
      this.shelves.delete(projectId);
    }
    this.gone(entry);
  }

  /** All of a project that fit. @returns how many they were */
  purge(projectId: string, fits: (entry: Entry) => boolean): number {
    const found = [...(this.shelves.get(projectId)?.entries.values() ?? [])].filter(fits);
    found.forEach(({ key }) => this.delete(projectId, key));
    return found.length;
  }

  private giveUpOne(): void {
    let projectId = '';
    let most = 0;
    for (const [id, { bytes }] of this.shelves) {
      if (bytes > most) {
        projectId = id;
        most = bytes;
      }
    }
    const [oldest] = this.shelves.get(projectId)?.entries.keys() ?? [];
    this.delete(projectId, oldest ?? '');
  }
}
