import { type LlmHub, wavHeader, type Usage } from '@app/dialects';
import { malformed, NamedEventStream, noFacts, type StreamTransform } from '@app/inference';
import type { UpstreamError } from '@app/shared';

/** Sound on its way as the vendor made it. Nobody tells what it used but for the characters, which all are billed however it ends. */
export class SoundStream implements StreamTransform {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  private isSilent = true;

  constructor(
    private readonly vendor: string,
    usage: Usage,
  ) {
    this.facts.usage = usage;
  }

  push(chunk: Buffer): Buffer {
    this.isSilent = false;
    return chunk;
  }

  end(): string {
    if (this.isSilent) {
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

/** Events of which the caller gets the sound alone: without any, there is nothing to give. */
export class SoundEvents extends NamedEventStream {
  private isSilent = true;

  override push(chunk: Buffer): string {
    return this.listen(super.push(chunk));
  }

  override end(): string {
    const rest = this.listen(super.end());
    if (this.isSilent) {
      this.failure ??= soundless(this.options.vendor);
    }
    return rest;
  }

  private listen(events: string): string {
    this.isSilent &&= !events.includes('"speech.audio.delta"');
    return events;
  }
}

export function soundless(vendor: string): UpstreamError {
  return malformed(vendor, 'answered without a sound');
}
