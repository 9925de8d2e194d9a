import type { CachedAnswer } from './cached-answer.entity.js';

/** Bytes of an entry besides its body. */
const OVERHEAD_BYTES = 1024;
const BYTES_OF_NUMBER = 8;

/** The answers of one project, the one that was not used for the longest time first. */
class Shelf {
  readonly answers = new Map<string, CachedAnswer>();
  bytes = 0;
}

/**
 * Answers in memory, bounded by bytes. When it is full, the project that has most in it gives up what it did not use for the
 * longest time: nobody loses anything to a project that has more, and one that is alone has all.
 */
export class AnswerMemory {
  private readonly shelves = new Map<string, Shelf>();
  private used = 0;

  constructor(private readonly limitBytes: number) {}

  get bytes(): number {
    return this.used;
  }

  get(projectId: string, key: string): CachedAnswer | null {
    const answers = this.shelves.get(projectId)?.answers;
    const answer = answers?.get(key);
    if (!answers || !answer) {
      return null;
    }
    answers.delete(key);
    answers.set(key, answer);
    return answer;
  }

  /** In the place of what was kept by that key; not at all when it is larger than the memory. */
  set(answer: CachedAnswer): void {
    const { projectId, key } = answer;
    this.delete(projectId, key);
    const size = sizeOf(answer);
    if (size > this.limitBytes) {
      return;
    }
    const shelf = this.shelves.get(projectId) ?? new Shelf();
    this.shelves.set(projectId, shelf);
    shelf.answers.set(key, answer);
    shelf.bytes += size;
    this.used += size;
    while (this.used > this.limitBytes) {
      this.giveUpOne();
    }
  }

  delete(projectId: string, key: string): void {
    const shelf = this.shelves.get(projectId);
    const answer = shelf?.answers.get(key);
    if (!shelf || !answer) {
      return;
    }
    shelf.answers.delete(key);
    shelf.bytes -= sizeOf(answer);
    this.used -= sizeOf(answer);
    if (shelf.answers.size === 0) {
      this.shelves.delete(projectId);
    }
  }

  /** All of a project that fit. @returns how many they were */
  purge(projectId: string, fits: (answer: CachedAnswer) => boolean): number {
    const found = [...(this.shelves.get(projectId)?.answers.values() ?? [])].filter(fits);
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
    const [oldest] = this.shelves.get(projectId)?.answers.keys() ?? [];
    this.delete(projectId, oldest ?? '');
  }
}

function sizeOf({ body, pieces }: CachedAnswer): number {
  return body.length + pieces.length * BYTES_OF_NUMBER + OVERHEAD_BYTES;
}
