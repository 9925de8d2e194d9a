export interface StoredFile {
  readonly id: string;
  readonly vendor: string;
  readonly name: string;
  readonly purpose: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly bytes: Buffer;
}

export interface Batch {
  readonly id: string;
  readonly vendor: string;
  readonly endpoint: string;
  readonly input: StoredFile;
  readonly createdAt: number;
  status: 'validating' | 'completed' | 'cancelled';
  output: StoredFile | null;
}

/** What customers keep at their vendors: files, and batches of requests. Newest last. */
export class FileCabinet {
  private readonly files = new Map<string, StoredFile>();
  private readonly batches = new Map<string, Batch>();
  private count = 0;

  add(file: Pick<StoredFile, 'vendor' | 'name' | 'purpose' | 'bytes'>): StoredFile {
    const stored = { ...file, id: this.newId('file-sim'), createdAt: now() };
    this.files.set(stored.id, stored);
    return stored;
  }

  find(vendor: string, id: string): StoredFile | undefined {
    const file = this.files.get(id);
    return file?.vendor === vendor ? file : undefined;
  }

  filesOf(vendor: string): StoredFile[] {
    return [...this.files.values()].filter(file => file.vendor === vendor);
  }

  remove({ id }: StoredFile): void {
    this.files.delete(id);
  }

  begin(vendor: string, endpoint: string, input: StoredFile): Batch {
    const id = this.newId('batch_sim');
    const batch: Batch = {
      id,
      vendor,
      endpoint,
      input,
      createdAt: now(),
      status: 'validating',
      output: null,
    };
    this.batches.set(batch.id, batch);
    return batch;
  }

  findBatch(vendor: string, id: string): Batch | undefined {
    const batch = this.batches.get(id);
    return batch?.vendor === vendor ? batch : undefined;
  }

  batchesOf(vendor: string): Batch[] {
    return [...this.batches.values()].filter(batch => batch.vendor === vendor);
  }

  clear(): void {
    this.files.clear();
    this.batches.clear();
  }

  private newId(prefix: string): string {
    return `${prefix}${String(++this.count).padStart(6, '0')}`;
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
