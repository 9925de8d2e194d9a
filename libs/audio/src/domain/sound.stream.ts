import {
  decodedBytes,
  type LlmHub,
  readSpeechUsage,
  type StreamEvent,
  type StreamReader,
  type Usage,
  wavHeader,
} from '@app/dialects';
import {
  EventReading,
  malformed,
  type NamedEventOptions,
  NamedEventStream,
  noFacts,
  type StreamTransform,
} from '@app/inference';
import type { SseEvent, UpstreamError } from '@app/shared';
import type { SpokenUsage } from './spoken-usage.js';

const NOTHING = Buffer.alloc(0);

/** Sound on its way, out of whatever a vendor sends. */
interface Sound extends StreamTransform {
  push(chunk: Buffer): Buffer;
  end(): Buffer;
}

/** Sound as the vendor made it, which tells nothing of what it used. */
export class SoundStream implements Sound {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  private bytes = 0;

  constructor(
    private readonly vendor: string,
    private readonly usage: SpokenUsage,
  ) {
    this.facts.usage = usage.after(0); // its vendor has begun, and bills it whoever leaves
  }

  push(chunk: Buffer): Buffer {
    this.bytes += chunk.length;
    this.facts.usage = this.usage.after(this.bytes);
    return chunk;
  }

  end(): Buffer {
    if (this.bytes === 0) {
      this.failure = soundless(this.vendor);
    } else {
      this.facts.finish = { reason: 'stop', native: null };
    }
    return NOTHING;
  }
}

/** Sound within the events of a vendor, which tell besides what it used so far. */
export class ToldSoundStream implements Sound {
  private readonly reading: EventReading;
  private bytes = 0;
  private silence: UpstreamError | null = null;

  /** @param usage of a speech whose vendor does not tell it */
  constructor(
    private readonly told: { readonly vendor: string; readonly reader: StreamReader },
    private readonly usage: SpokenUsage,
  ) {
    this.reading = new EventReading(told.vendor, told.reader);
  }

  get facts(): StreamTransform['facts'] {
    const { facts } = this.reading;
    return { ...facts, usage: facts.usage ?? this.usage.after(this.bytes) };
  }

  get failure(): UpstreamError | null {
    return this.reading.failure ?? this.silence;
  }

  push(chunk: Buffer): Buffer {
    return this.soundIn(this.reading.push(chunk));
  }

  end(): Buffer {
    const rest = this.soundIn(this.reading.end());
    if (this.bytes === 0) {
      this.silence = soundless(this.told.vendor);
    }
    return rest;
  }

  private soundIn(events: readonly StreamEvent[]): Buffer {
    const pieces = events.flatMap(event =>
      event.kind === 'media' && event.part.source.kind === 'base64'
        ? [Buffer.from(event.part.source.data, 'base64')]
        : [],
    );
    const sound = Buffer.concat(pieces);
    this.bytes += sound.length;
    return sound;
  }
}

/** Bare samples that become a WAV, whose header says that nobody knows yet how long it gets. */
export class WavStream implements Sound {
  private header: Buffer | null = wavHeader();

  constructor(private readonly samples: Sound) {}

  get facts(): StreamTransform['facts'] {
    return this.samples.facts;
  }

  get failure(): StreamTransform['failure'] {
    return this.samples.failure;
  }

  push(chunk: Buffer): Buffer {
    return this.headed(this.samples.push(chunk));
  }

  end(): Buffer {
    return this.headed(this.samples.end());
  }

  /** The header comes with the first samples: where there are none, another vendor may be asked. */
  private headed(samples: Buffer): Buffer {
    const { header } = this;
    if (samples.length === 0 || !header) {
      return samples;
    }
    this.header = null;
    return Buffer.concat([header, samples]);
  }
}

/** Sound that reaches the caller in events, of a vendor that has none. */
export class EventedSound implements StreamTransform {
  /** @param annotate `x_llmhub` for the last event */
  constructor(
    private readonly sound: Sound,
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
    const rest = soundDelta(this.sound.end());
    if (this.failure) {
      return rest;
    }
    return rest + soundDone(this.annotate(this.facts.usage));
  }
}

function soundDelta(sound: Buffer): string {
  return sound.length === 0 ? '' : event({ type: 'speech.audio.delta', audio: sound.toString('base64') });
}

function soundDone(llmhub: LlmHub | null): string {
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
    this.facts.usage = spoken.after(0); // as above, before an event is whole
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
