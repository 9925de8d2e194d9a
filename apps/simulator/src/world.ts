import { PromptCache } from './answering/prompt-cache.js';
import { BillKeeper } from './bill.js';
import { CallCounter } from './call-counter.js';
import { Chaos } from './chaos.js';
import { FaultCounter } from './faults.js';
import type { Said } from './gemini-live/prompt.js';
import { ClientSecrets } from './openai-realtime/client-secrets.js';
import { FileCabinet } from './storage/file-cabinet.js';
import { Traffic } from './traffic.js';

/** Everything one running simulator remembers. */
export class World {
  readonly bill = new BillKeeper();
  readonly cache = new PromptCache();
  readonly calls = new CallCounter();
  readonly chaos = new Chaos();
  readonly faults = new FaultCounter();
  readonly traffic = new Traffic();
  readonly files = new FileCabinet();
  readonly secrets = new ClientSecrets();
  /** What was said in sessions of Gemini Live, by the handles that resume them. */
  readonly resumable = new Map<string, readonly Said[]>();
  private lastId = 0;

  nextId(): number {
    return ++this.lastId;
  }

  clear(): void {
    this.bill.clear();
    this.cache.clear();
    this.calls.clear();
    this.chaos.clear();
    this.faults.clear();
    this.traffic.clear();
    this.files.clear();
    this.secrets.clear();
    this.resumable.clear();
  }
}
