import { readTranscriptionUsage } from '@app/dialects';
import { noFacts, type StreamTransform } from '@app/inference';
import { SseParser, UpstreamError } from '@app/shared';

/** `transcript.text.delta …, transcript.text.done{usage}`: the bytes pass, a tap reads the end. */
export class TranscriptionStream implements StreamTransform {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  private readonly parser = new SseParser();
  private done = false;

  constructor(private readonly vendor: string) {}

  push(chunk: Buffer): Buffer {
    for (const { data } of this.parser.push(chunk)) {
      this.look(data);
    }
    return chunk;
  }

  end(): Buffer {
    for (const { data } of this.parser.end()) {
      this.look(data);
    }
    if (!this.done) {
      this.failure ??= new UpstreamError({
        vendor: this.vendor,
        upstreamStatus: null,
        code: 'upstream_cut',
        message: `The vendor '${this.vendor}' ended the transcription before it was done.`,
      });
    }
    return Buffer.alloc(0);
  }

  private look(data: string): void {
    if (!data.includes('"transcript.text.done"')) {
      return;
    }
    this.done = true;
    this.facts.usage = readTranscriptionUsage(JSON.parse(data) as Record<string, unknown>);
    this.facts.finish = { reason: 'stop', native: null };
  }
}
