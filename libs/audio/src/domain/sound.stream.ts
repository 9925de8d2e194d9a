import type { Usage } from '@app/dialects';
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
