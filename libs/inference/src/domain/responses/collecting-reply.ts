import { parseExact } from '@app/dialects';
import type { CallerReply } from '../caller-reply.js';
import type { Response } from './answer-keeper.js';

/** In the place of a caller who does not wait: a whole answer is written here. */
export class CollectingReply implements CallerReply {
  headersSent = false;
  readonly destroyed = false;
  private readonly chunks: Buffer[] = [];

  get response(): Response {
    return parseExact(this.bytes.toString()) as Response;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  writeHead(): void {
    this.headersSent = true;
  }

  write(chunk: Buffer | string): boolean {
    this.chunks.push(Buffer.from(chunk));
    return true;
  }

  end(chunk: Buffer | string = ''): void {
    this.write(chunk);
  }

  once(): void {}
}
