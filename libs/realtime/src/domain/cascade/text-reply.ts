import { type Losses, openAiChatVendor, type StreamEvent, type Target } from '@app/dialects';
import type { CallerReply } from '@app/inference';
import { SseParser } from '@app/shared';
import type { SoundOutlet } from './utterance.js';

const LOSS = /\w+=([^;]+)/g;

/** In the place of a caller who reads a stream of chat: what it says is told in no vendor's words. */
export class TextReply implements CallerReply {
  headersSent = false;
  readonly destroyed = false;
  private readonly parser = new SseParser();
  private readonly reader;

  constructor(
    target: Target,
    private readonly hear: (event: StreamEvent) => void,
    private readonly losses: Losses,
    private readonly outlet: Pick<SoundOutlet, 'onceReady'> & { readonly isReady: boolean },
  ) {
    this.reader = openAiChatVendor.streamReader(target);
  }

  writeHead(_status: number, headers: Readonly<Record<string, string | number>>): void {
    this.headersSent = true;
    for (const [, field = ''] of String(headers['x-llmhub-warnings'] ?? '').matchAll(LOSS)) {
      this.losses.dropped(field, 'The model that answers does not take it as it was asked.');
    }
  }

  write(chunk: Buffer | string): boolean {
    const events: StreamEvent[] = [];
    for (const { data, type } of this.parser.push(Buffer.from(chunk))) {
      this.reader.read(data, type, events);
    }
    events.forEach(this.hear);
    return this.outlet.isReady;
  }

  end(chunk: Buffer | string = ''): void {
    this.write(chunk);
    const events: StreamEvent[] = [];
    this.reader.end(events);
    events.forEach(this.hear);
  }

  once(_event: 'drain', listener: () => void): void {
    this.outlet.onceReady(listener);
  }
}
