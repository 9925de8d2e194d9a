import type { StreamEvent, StreamReader, Usage } from '@app/dialects';
import { SseParser, type UpstreamError } from '@app/shared';
import { noFacts, noteEvent, streamFailure } from './stream-facts.js';
import type { StreamTransform } from './stream-relay.js';

/** Only events that hold one of these are looked at, a line that ends amid its JSON among them; all others pass as bytes. */
const NOTABLE = /"usage":\s*\{|"finish_reason":\s*"|"error"\s*:|\[DONE\]|(?:^|\n|\r)event:|[^}\s][\r\n]/;
const BLOCK_END = /(?<=\n\n|\r\n\r\n|\r\r)/;
const DONE = 'data: [DONE]\n\n';

export interface PassThroughOptions {
  readonly vendor: string;
  readonly reader: StreamReader;
  /** The caller asked for the usage chunk; from others it is hidden. */
  readonly showUsage: boolean;
  /** `x_llmhub` for the usage chunk. */
  readonly annotate: (usage: Usage | null) => Readonly<Record<string, unknown>> | null;
}

/**
 * Vendor and caller both speak OpenAI chat: whole events pass as bytes, and a tap reads usage, finish and errors from
 * the few events that hold them. The usage chunk, always asked for, reaches only a caller that asked for it too.
 */
export class PassThroughStream implements StreamTransform {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  private carried: Buffer[] = [];
  private started = false;
  private done = false;
  private readonly events: StreamEvent[] = [];

  constructor(private readonly options: PassThroughOptions) {}

  push(chunk: Buffer): Buffer | string {
    const whole = this.wholeEvents(chunk);
    if (!whole) {
      return '';
    }
    const text = whole.toString('latin1');
    this.facts.outputTokens += count(text, '"delta"');
    if (this.started && !NOTABLE.test(text)) {
      return whole;
    }
    return this.inspect(whole.toString());
  }

  end(): Buffer | string {
    const rest = this.carried.length > 0 ? this.inspect(`${Buffer.concat(this.carried).toString()}\n\n`) : '';
    if (this.failure) {
      return '';
    }
    if (!this.done) {
      this.options.reader.end(this.events);
      this.drainEvents();
    }
    // A vendor that never sends the sentinel has ended well when its reader says so; OpenAI's clients wait for it.
    return this.failure || this.done ? rest : rest + DONE;
  }

  /** Bytes up to the last blank line; the rest waits for its end. */
  private wholeEvents(chunk: Buffer): Buffer | null {
    const end = this.boundary(chunk);
    if (end === 0) {
      this.carried.push(chunk);
      return null;
    }
    const head = end === chunk.length ? chunk : chunk.subarray(0, end);
    const whole = this.carried.length === 0 ? head : Buffer.concat([...this.carried, head]);
    this.carried = end === chunk.length ? [] : [chunk.subarray(end)];
    return whole;
  }

  private boundary(chunk: Buffer): number {
    if (chunk.length > 1 && chunk[chunk.length - 1] === 10 && chunk[chunk.length - 2] === 10) {
      return chunk.length;
    }
    const inside = Math.max(after(chunk, '\n\n'), after(chunk, '\r\n\r\n'), after(chunk, '\r\r'));
    return inside > 0 ? inside : this.straddling(chunk);
  }

  /** The blank line itself may be cut in two. */
  private straddling(chunk: Buffer): number {
    const before = this.carried.at(-1);
    if (!before) {
      return 0;
    }
    const tail = before.subarray(-3);
    const seam = Buffer.concat([tail, chunk.subarray(0, 3)]);
    const end = Math.max(after(seam, '\n\n'), after(seam, '\r\n\r\n'), after(seam, '\r\r'));
    return Math.max(0, end - tail.length);
  }

  private inspect(text: string): string {
    let out = '';
    for (const block of text.split(BLOCK_END)) {
      out += this.started && !NOTABLE.test(block) ? block : this.inspectBlock(block);
      if (this.failure) {
        break;
      }
    }
    return out;
  }

  private inspectBlock(block: string): string {
    const parser = new SseParser();
    const [event] = [...parser.push(Buffer.from(block)), ...parser.end()];
    if (!event) {
      return block;
    }
    this.started = true;
    this.done ||= event.data === '[DONE]';
    this.options.reader.read(event.data, event.type, this.events);
    this.drainEvents();
    if (this.failure) {
      return '';
    }
    return isUsageChunk(event.data) ? this.usageChunk(event.data, block) : block;
  }

  private usageChunk(data: string, block: string): string {
    if (!this.options.showUsage) {
      return '';
    }
    const llmhub = this.options.annotate(this.facts.usage);
    const end = data.lastIndexOf('}');
    return llmhub ? `data: ${data.slice(0, end)},"x_llmhub":${JSON.stringify(llmhub)}}\n\n` : block;
  }

  private drainEvents(): void {
    for (const event of this.events) {
      if (event.kind === 'error') {
        this.failure = streamFailure(this.options.vendor, event);
        break;
      }
      noteEvent(this.facts, event);
    }
    this.events.length = 0;
  }
}

/** The extra chunk of `include_usage`: usage and no choices. */
function isUsageChunk(data: string): boolean {
  return /"choices":\s*\[\s*\]/.test(data) && /"usage":\s*\{/.test(data);
}

function after(bytes: Buffer, separator: string): number {
  const at = bytes.lastIndexOf(separator, undefined, 'latin1');
  return at < 0 ? 0 : at + separator.length;
}

function count(text: string, word: string): number {
  let found = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    found++;
  }
  return found;
}
