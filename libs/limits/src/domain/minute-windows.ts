import { MinuteWindow } from './minute-window.js';

/** From so many windows on, those that were quiet for a minute are forgotten. */
const REMEMBERED = 10_000;

/** What projects and keys used within the last minute, by their ids. */
export class MinuteWindows {
  private readonly windows = new Map<string, MinuteWindow>();
  private sweepAt = REMEMBERED;

  /** @param now monotonic ms */
  of(id: string, now: number): MinuteWindow {
    let window = this.windows.get(id);
    if (!window) {
      this.forgetQuiet(now);
      window = new MinuteWindow();
      this.windows.set(id, window);
    }
    return window;
  }

  /** Never one that is not empty: whoever it counts could begin anew. */
  private forgetQuiet(now: number): void {
    if (this.windows.size < this.sweepAt) {
      return;
    }
    for (const [id, window] of this.windows) {
      if (window.isEmptyAt(now)) {
        this.windows.delete(id);
      }
    }
    this.sweepAt = Math.max(REMEMBERED, 2 * this.windows.size);
  }
}
