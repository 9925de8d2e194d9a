import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** An empty file for each process that ran in a folder, so that the next one knows whose affairs it has to settle. */
export const RUN_MARKER = /\.run$/;

export class RunMarkers {
  private readonly others: Set<string>;

  /** @param own id of this process @throws Error of the file system */
  constructor(
    private readonly folder: string,
    own: string,
  ) {
    const names = readdirSync(folder).filter(name => RUN_MARKER.test(name));
    this.others = new Set(names.map(name => name.replace(RUN_MARKER, '')));
    writeFileSync(this.fileOf(own), '', { mode: 0o600 });
  }

  /** Processes that ran here before. */
  get before(): readonly string[] {
    return [...this.others];
  }

  /** A file that cannot be removed is named again by the next process, which does no harm. */
  remove(process: string): void {
    this.others.delete(process);
    try {
      rmSync(this.fileOf(process), { force: true });
    } catch {
      // see above
    }
  }

  private fileOf(process: string): string {
    return path.join(this.folder, `${process}.run`);
  }
}
