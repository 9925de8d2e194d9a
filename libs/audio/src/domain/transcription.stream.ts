import { readTranscriptionUsage, type StreamEvent, type StreamReader } from '@app/dialects';
import {
  EVENT_LIMIT_BYTES,
  eventTooLarge,
  noFacts,
  streamFailure,
  type StreamTransform,
} from '@app/inference';
import { type SseEvent, SseParser, UpstreamError } from '@app/shared';

/**
 * `transcript.text.delta …, transcript.text.done{usage}`: events go on as they came, but only whole ones, lest a comment
 * of ours lands inside; a tap reads the end and the errors, which have the shape of chat's.
 */
export class TranscriptionStream implements StreamTransform {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  private readonly parser = new SseParser();
  private readonly events: StreamEvent[] = [];
  private done = false;

  /** @param errors reader of the vendor's chat streams */
  constructor(
    private readonly vendor: string,
    private readonly errors: StreamReader,
  ) {}

  push(chunk: Buffer): string {
    const text = this.write(this.parser.push(chunk));
    if (this.parser.size > EVENT_LIMIT_BYTES) {
      this.failure ??= eventTooLarge(this.vendor);
    }
    return text;
  }

  end(): string {
    const rest = this.write(this.parser.end());
    if (!this.done) {
      this.failure ??= new UpstreamError({
        vendor: this.vendor,
        upstreamStatus: null,
        code: 'upstream_cut',
        message: `The vendor '${this.vendor}' ended the transcription before it was done.`,
      });
    }
    return rest;
  }

  private write(events: readonly SseEvent[]): string {
    let text = '';
    for (const event of events) {
      this.look(event);
      if (this.failure) {
        break;
      }
      const name = event.type === undefined ? '' : `event: ${event.type}\n`;
      text += `${name}data: ${event.data.replaceAll('\n', '\ndata: ')}\n\n`;
    }
    return text;
  }

  private look({ data, type }: SseEvent): void {
    if (data === '[DONE]') {
      return;
    }
    this.errors.read(data, type, this.events);
    const error = this.events.find(event => event.kind === 'error');
    if (error) {
      this.failure = streamFailure(this.vendor, error);
    } else if (data.includes('"transcript.text.done"')) {
      this.done = true;
      this.facts.usage = readTranscriptionUsage(JSON.parse(data) as Record<string, unknown>);
      this.facts.finish = { reason: 'stop', native: null };
    }
  }
}
