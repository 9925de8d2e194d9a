import {
  type LlmHub,
  type StreamEvent,
  type StreamReader,
  type Usage,
  writeTranscriptDelta,
  writeTranscriptDone,
} from '@app/dialects';
import { EventReading, type StreamTransform } from '@app/inference';
import type { UpstreamError } from '@app/shared';

interface TranscriptStreamOptions {
  /** Vendor id, for errors. */
  readonly vendor: string;
  readonly reader: StreamReader;
  /** What is paid for hearing that text. @param told by the vendor */
  readonly paid: (told: Usage | null, text: string) => Usage | null;
  /** `x_llmhub` for the last event. */
  readonly annotate: (usage: Usage | null) => LlmHub | null;
  /** Hears all of the text, once it is there. */
  readonly hear: (text: string) => void;
}

/** What a vendor writes down in events of its own, told in OpenAI's while it comes: `transcript.text.delta …, transcript.text.done`. */
export class TranscriptStream implements StreamTransform {
  readonly token = /"text"\s*:/;
  private readonly reading: EventReading;
  private text = '';

  constructor(private readonly options: TranscriptStreamOptions) {
    this.reading = new EventReading(options.vendor, options.reader);
  }

  get facts(): StreamTransform['facts'] {
    const { facts } = this.reading;
    return { ...facts, usage: this.options.paid(facts.usage, this.text) };
  }

  get failure(): UpstreamError | null {
    return this.reading.failure;
  }

  push(chunk: Buffer): string {
    return this.tell(this.reading.push(chunk));
  }

  end(): string {
    const rest = this.tell(this.reading.end());
    if (this.failure) {
      return rest;
    }
    const { usage } = this.facts;
    this.options.hear(this.text);
    return rest + writeTranscriptDone({ text: this.text, usage }, this.options.annotate(usage));
  }

  private tell(events: readonly StreamEvent[]): string {
    let deltas = '';
    for (const event of events) {
      if (event.kind === 'text' && event.text !== '') {
        this.text += event.text;
        deltas += writeTranscriptDelta(event.text);
      }
    }
    return deltas;
  }
}
