import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** An empty file for each process that ran in a folder, so that the next one knows whose affairs it has to settle. */
export const RUN_MARKER = /\.run$/;

export class RunMarkers {
  /** By process. */
  private readonly others = new Map<string, string>();

  /** @param own id of this process, which is noted in the first folder @throws Error of the file system */
  constructor(folders: readonly string[], own: string) {
    for (const folder of folders) {
      const names = readdirSync(folder).filter(name => RUN_MARKER.test(name));
      names.forEach(name => this.others.set(name.replace(RUN_MARKER, ''), path.join(folder, name)));
    }
    writeFileSync(path.join(folders[0] ?? '', `${own}.run`), '', { mode: 0o600 });
  }

  /** Processes that ran here before. */
  get before(): readonly string[] {
    return [...this.others.keys()];
  }

  /** A file that cannot be removed is named again by the next process, which does no harm. */
  remove(process: string): void {
    const file = this.others.get(process);
    this.others.delete(process);
    try {
      if (file !== undefined) {
        rmSync(file, { force: true });
      }
    } catch {
      // see above
    }
  }
}
