import type { Usage } from '@app/dialects';

/** So long a vendor may take to tell what an answer used that is over. */
const LATEST_MS = 1000;

type Finish = (usage: Usage | null) => void;

/** What an answer has used that was told to be over without it. */
export class LateUsage {
  private finish: Finish | null = null;
  private timer: NodeJS.Timeout | null = null;

  get isAwaited(): boolean {
    return this.finish !== null;
  }

  /** @param finish hears it, once; null: nobody told */
  await(finish: Finish): void {
    this.end(null);
    this.finish = finish;
    this.timer = setTimeout(() => this.end(null), LATEST_MS);
  }

  /** False when it is not waited for. */
  end(usage: Usage | null): boolean {
    const { finish, timer } = this;
    this.finish = null;
    this.timer = null;
    if (timer) {
      clearTimeout(timer);
    }
    finish?.(usage);
    return finish !== null;
  }
}
