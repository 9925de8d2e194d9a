import { decodedBytes, type LlmHub, readSpeechUsage, type Usage, wavHeader } from '@app/dialects';
import {
  malformed,
  type NamedEventOptions,
  NamedEventStream,
  noFacts,
  type StreamTransform,
} from '@app/inference';
import type { SseEvent, UpstreamError } from '@app/shared';
import type { SpokenUsage } from './spoken-usage.js';

/** Sound on its way as the vendor made it, which tells nothing of what it used. */
export class SoundStream implements StreamTransform {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  private bytes = 0;

  constructor(
    private readonly vendor: string,
    private readonly usage: SpokenUsage,
  ) {}

  push(chunk: Buffer): Buffer {
    this.bytes += chunk.length;
    this.facts.usage = this.usage.after(this.bytes);
    return chunk;
  }

  end(): string {
    if (this.bytes === 0) {
      this.failure = soundless(this.vendor);
    } else {
      this.facts.finish = { reason: 'stop', native: null };
    }
    return '';
  }
}

/** Bare samples that become a WAV, whose header says that nobody knows yet how long it gets. */
export class WavStream extends SoundStream {
  private header: Buffer | null = wavHeader();

  override push(chunk: Buffer): Buffer {
    const { header } = this;
    this.header = null;
    const sound = super.push(chunk);
    return header ? Buffer.concat([header, sound]) : sound;
  }
}

/** Sound that reaches the caller in events, of a vendor that has none. */
export class EventedSound implements StreamTransform {
  /** @param annotate `x_llmhub` for the last event */
  constructor(
    private readonly sound: SoundStream,
    private readonly annotate: (usage: Usage | null) => LlmHub | null,
  ) {}

  get facts(): StreamTransform['facts'] {
    return this.sound.facts;
  }

  get failure(): StreamTransform['failure'] {
    return this.sound.failure;
  }

  push(chunk: Buffer): string {
    return soundDelta(this.sound.push(chunk));
  }

  end(): string {
    this.sound.end();
    const llmhub = this.annotate(this.facts.usage);
    return this.failure ? '' : soundDone(llmhub);
  }
}

export function soundDelta(sound: Buffer): string {
  return event({ type: 'speech.audio.delta', audio: sound.toString('base64') });
}

export function soundDone(llmhub: LlmHub | null): string {
  return event({ type: 'speech.audio.done', ...(llmhub && { x_llmhub: llmhub }) });
}

function event(fields: object): string {
  return `data: ${JSON.stringify(fields)}\n\n`;
}

/** Events that say the sound, and in the end what it used. */
export class SpeechEvents extends NamedEventStream {
  protected bytes = 0;

  /** @param usage of a speech that breaks off, or whose vendor does not tell it */
  constructor(
    options: Omit<NamedEventOptions, 'ending'>,
    private readonly spoken: SpokenUsage,
  ) {
    super({
      ...options,
      ending: {
        what: 'the speech',
        type: 'speech.audio.done',
        usage: event => readSpeechUsage(event) ?? spoken.after(this.bytes),
      },
    });
  }

  protected override look(event: SseEvent): string {
    this.bytes += soundBytesIn(event.data);
    if (this.facts.finish === null) {
      this.facts.usage = this.spoken.after(this.bytes);
    }
    return super.look(event);
  }
}

/** Of which the caller gets the sound alone: without any, there is nothing to give. */
export class SoundEvents extends SpeechEvents {
  override end(): string {
    const rest = super.end();
    if (this.bytes === 0) {
      this.failure ??= soundless(this.options.vendor);
    }
    return rest;
  }
}

/** In base64, which may be megabytes: nobody parses it for that. */
function soundBytesIn(data: string): number {
  const name = data.indexOf('"audio"');
  const from = data.indexOf('"', name + '"audio"'.length) + 1;
  return name < 0 ? 0 : Math.floor(decodedBytes(data.indexOf('"', from) - from));
}

export function soundless(vendor: string): UpstreamError {
  return malformed(vendor, 'answered without a sound');
}
