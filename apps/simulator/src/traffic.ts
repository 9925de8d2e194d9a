import type { IncomingHttpHeaders } from 'node:http';

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly id: number;
  readonly at: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, the fields of a form, or nothing. */
  body: unknown;
}

/** A caller that left before its answer was complete. */
export interface Abort {
  readonly requestId: number;
  readonly path: string;
  readonly at: string;
}

const MOST_REQUESTS = 200;
const MOST_BYTES = 64 * 1024 * 1024;

/** What came in lately: a bounded memory that tests look into. */
export class Traffic {
  connections = 0;
  /** Calls not yet answered to the end. */
  active = 0;
  private nextId = 1;
  private requests: { readonly request: ReceivedRequest; bytes: number }[] = [];
  private bytes = 0;
  private aborts: Abort[] = [];
  private waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  receive(method: string, path: string, headers: IncomingHttpHeaders): ReceivedRequest {
    const request = {
      id: this.nextId++,
      at: new Date().toISOString(),
      method,
      path,
      headers,
      body: undefined,
    };
    this.requests.push({ request, bytes: 0 });
    this.evict();
    return request;
  }

  receiveBody(request: ReceivedRequest, body: unknown, bytes: number): void {
    request.body = body;
    const entry = this.requests.findLast(each => each.request === request);
    if (entry) {
      entry.bytes = bytes;
      this.bytes += bytes;
      this.evict();
    }
  }

  abort(request: ReceivedRequest): void {
    this.aborts.push({ requestId: request.id, path: request.path, at: new Date().toISOString() });
    const ready = this.waiting.filter(each => each.count <= this.aborts.length);
    this.waiting = this.waiting.filter(each => each.count > this.aborts.length);
    ready.forEach(each => each.resolve());
  }

  received(): readonly ReceivedRequest[] {
    return this.requests.map(each => each.request);
  }

  aborted(): readonly Abort[] {
    return [...this.aborts];
  }

  /** Resolves when `count` callers have left, counted since the start or the last `clear`. */
  untilAborted(count: number): Promise<void> {
    return new Promise(resolve => {
      if (this.aborts.length >= count) {
        resolve();
      } else {
        this.waiting.push({ count, resolve });
      }
    });
  }

  clear(): void {
    this.requests = [];
    this.aborts = [];
    this.bytes = 0;
  }

  private evict(): void {
    while (this.requests.length > MOST_REQUESTS || (this.bytes > MOST_BYTES && this.requests.length > 1)) {
      this.bytes -= this.requests.shift()?.bytes ?? 0;
    }
  }
}
