import { statSync } from 'node:fs';
import path from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@app/shared';
import {
  type BatchId,
  type BegunCall,
  type SpooledCall,
  type SpoolSegment,
  UsageSpool,
} from '../../domain/usage-spool.js';
import { batchIdOf, segmentName } from './batch-id.js';
import { frameOf } from './frames.js';
import { type SpoolEntry, SpoolFile } from './spool-file.js';
import { RunMarkers } from './run-markers.js';
import { type SpoolFolder, takeSpoolFolder } from './spool-folder.js';

export interface SpoolOptions {
  /** Bytes of all that waits. */
  readonly limit: number;
  /** `power`: what is safe outlives a loss of power, too. */
  readonly durability: string;
  /** Of the process whose spool it is. A third process may inherit from two. */
  readonly process: string;
}

/** What was given in one turn of the event loop. */
class Group {
  readonly entries: SpoolEntry[] = [];
  readonly safe = Promise.withResolvers<void>();
}

/** The spool as files of a folder that is this process's own, and of those that others left. What the system was handed outlives a `kill -9`. */
export class FileUsageSpool extends UsageSpool implements OnApplicationShutdown {
  private readonly folder: SpoolFolder;
  private readonly runs: RunMarkers;
  private readonly total = { bytes: 0 };
  private readonly flush = (): void => {
    if (this.syncs === 0) {
      this.write();
    }
  };
  /** Of the latest file, or of what only memory had instead of one. */
  private seq = 0;
  private inherited: readonly SpoolFile[] = [];
  private current: SpoolFile | null = null;
  private group: Group | null = null;
  private syncs = 0;
  /** The latest sync, and all before it. */
  private settled: Promise<void> = Promise.resolve();
  /** Closed, since the disk took no more of them. */
  private broken: SpoolFile[] = [];
  private unsafe: SpooledCall[] = [];
  /** Where calls that have not ended were begun, by id. */
  private readonly begunIn = new Map<string, SpoolFile>();
  private isFailing = false;

  /** @throws Error of the file system when the folder cannot be used */
  constructor(
    root: string,
    private readonly logger: Logger,
    private readonly options: SpoolOptions,
  ) {
    super();
    this.folder = takeSpoolFolder(root);
    this.runs = new RunMarkers(this.folder.paths, options.process);
  }

  get bytes(): number {
    return this.total.bytes;
  }

  begin(begin: BegunCall): Promise<void> {
    return this.add({ begin });
  }

  append(call: SpooledCall): Promise<void> {
    return this.add(call);
  }

  /** A batch of several files has the number of the last one, so that it is known as applied by each of them. */
  seal(): SpoolSegment {
    this.write();
    const files = [...this.broken, ...(this.current ? [this.current] : [])];
    const { unsafe } = this;
    this.closeCurrent();
    this.broken = [];
    this.unsafe = [];
    this.seq += files.length === 0 ? 1 : 0;
    return this.segmentOf({ spool: this.options.process, seq: this.seq }, files, unsafe);
  }

  leftovers(): SpoolSegment[] {
    const { segments } = this.folder;
    this.inherited = segments.map(file => new SpoolFile(file, this.logger, this.total, statSync(file).size));
    return this.inherited.map((file, at) => this.segmentOf(batchIdOf(segments[at] ?? ''), [file]));
  }

  unended(): BegunCall[] {
    return this.inherited.flatMap(({ begun }) => [...begun.values()]);
  }

  predecessors(): readonly string[] {
    return this.runs.before;
  }

  bury(process: string): void {
    this.runs.remove(process);
  }

  async forget(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map(id => this.end(id)));
  }

  /** When all that writes has flushed. */
  onApplicationShutdown(): void {
    this.seal();
    this.folder.release();
  }

  private add(entry: SpoolEntry): Promise<void> {
    if (!this.group) {
      this.group = new Group();
      setImmediate(this.flush);
    }
    this.group.entries.push(entry);
    return this.group.safe.promise;
  }

  private write(): void {
    const { group } = this;
    if (!group) {
      return;
    }
    this.group = null;
    try {
      const file = this.writeTo(frameOf(group.entries));
      this.noteMended();
      if (this.options.durability === 'power') {
        this.settled = this.sync(file, group, this.settled);
      } else {
        this.settle(group, file);
      }
    } catch (error) {
      this.noteFailure(error);
      this.unsafe.push(...group.entries.filter(isEnded));
      group.safe.resolve();
    }
  }

  private writeTo(frame: Buffer): SpoolFile {
    if (this.total.bytes + frame.length > this.options.limit) {
      throw new Error(`There is room for ${this.options.limit} bytes only.`);
    }
    this.current ??= this.newFile();
    this.current.append(frame);
    return this.current;
  }

  /** What is given meanwhile waits for the next time: a disk syncs a thousand calls as fast as one. */
  private async sync(file: SpoolFile, group: Group, before: Promise<void>): Promise<void> {
    this.syncs += 1;
    group.entries.forEach(entry => isEnded(entry) || file.begun.set(entry.begin.id, entry.begin));
    try {
      await file.sync();
    } catch (error) {
      this.noteFailure(error);
    }
    await before; // a call ends after it began
    this.settle(group, file);
    this.syncs -= 1;
    this.flush();
  }

  private settle({ entries, safe }: Group, file: SpoolFile): void {
    entries.forEach(entry => this.note(entry, file));
    safe.resolve();
  }

  /** An entry is safe in that file. */
  private note(entry: SpoolEntry, file: SpoolFile): void {
    if (isEnded(entry)) {
      void this.end(entry.usage.id);
      return;
    }
    const { begin } = entry;
    const before = this.begunIn.get(begin.id);
    file.begun.set(begin.id, begin);
    this.begunIn.set(begin.id, file);
    if (before && before !== file) {
      void before.end(begin.id); // it is told anew with each vendor that is asked
    }
  }

  /** How the call ended is safe, so that it began need not be known any more. */
  private end(id: string): Promise<void> | null {
    const file = this.begunIn.get(id);
    if (!file) {
      return null;
    }
    this.begunIn.delete(id);
    return file.end(id);
  }

  private segmentOf(
    id: BatchId,
    files: readonly SpoolFile[],
    unsafe: readonly SpooledCall[] = [],
  ): SpoolSegment {
    return {
      id,
      unsafe,
      read: async () => (await Promise.all(files.map(file => this.read(file)))).flat(),
      remove: async () => {
        unsafe.forEach(({ usage }) => this.end(usage.id));
        await Promise.all(files.map(file => file.remove()));
      },
    };
  }

  private async read(file: SpoolFile): Promise<SpooledCall[]> {
    const entries = await file.read();
    entries.forEach(entry => this.note(entry, file));
    return entries.filter(isEnded);
  }

  private newFile(): SpoolFile {
    this.seq += 1;
    const name = segmentName({ spool: this.options.process, seq: this.seq });
    return new SpoolFile(path.join(this.folder.path, name), this.logger, this.total);
  }

  private closeCurrent(): void {
    const { current } = this;
    this.current = null;
    try {
      current?.close();
    } catch (error) {
      this.logger.error({ err: error, folder: this.folder.path }, 'The disk may have lost usage records.');
    }
  }

  /** What comes after a line that was cut would be damaged, too: it goes into another file. */
  private noteFailure(error: unknown): void {
    if (this.current) {
      this.broken.push(this.current);
      this.closeCurrent();
    }
    if (!this.isFailing) {
      this.isFailing = true;
      this.logger.error(
        { err: error, folder: this.folder.path },
        'The spool takes no usage records: they wait in memory, and a crash would lose them.',
      );
    }
  }

  private noteMended(): void {
    if (this.isFailing) {
      this.isFailing = false;
      this.logger.warn('The spool takes usage records again.');
    }
  }
}

function isEnded(entry: SpoolEntry): entry is SpooledCall {
  return 'usage' in entry;
}
