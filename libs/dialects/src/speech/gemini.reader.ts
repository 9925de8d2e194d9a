import { UpstreamError } from '@app/shared';
import type { StreamEvent } from '../domain/answer.js';
import type { StreamReader, Target } from '../domain/dialect.js';
import { asEvent, FinishedReader } from '../gemini/finished.reader.js';
import { GeminiStreamReader } from '../gemini/stream.reader.js';

/** What the samples are, which alone the gateway can put into a WAV. */
const SAMPLES = /^audio\/(?:L16|pcm)\b(?!.*rate=(?!24000\b))/i;

/** Sound that Gemini makes, as `media` events of bare samples; anything else, and half of it, is an error. */
export class GeminiSpeechReader implements StreamReader {
  private readonly reader: StreamReader;
  private over = false;

  constructor(private readonly target: Target) {
    this.reader = new FinishedReader(new GeminiStreamReader(target), why => this.unspoken(why));
  }

  read(data: string, type: string | undefined, out: StreamEvent[]): void {
    if (this.over) {
      return;
    }
    const from = out.length;
    this.reader.read(data, type, out);
    const at = out.findIndex((event, index) => index >= from && event.kind === 'media' && !isSamples(event));
    if (at >= 0) {
      this.over = true;
      out.splice(at, Infinity, asEvent(this.unspoken('it sent no samples of 24 kHz')));
    }
  }

  end(out: StreamEvent[]): void {
    if (!this.over) {
      this.reader.end(out);
    }
  }

  private unspoken(why: string | null): UpstreamError {
    const { vendor } = this.target;
    return new UpstreamError({
      vendor,
      upstreamStatus: null,
      code: 'no_sound',
      message: `The vendor '${vendor}' did not speak all of it (${why ?? 'without saying why'}). Send the text in parts, or choose another model.`,
    });
  }
}

function isSamples({ part: { source, mime } }: Extract<StreamEvent, { kind: 'media' }>): boolean {
  return source.kind === 'base64' && SAMPLES.test(mime ?? '');
}
