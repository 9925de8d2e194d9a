import { Injectable } from '@nestjs/common';
import { type AudioTask, ProviderRegistry, type Vendor } from '@app/providers';
import { InvalidRequestError } from '@app/shared';

const NAMES: Readonly<Record<AudioTask, string>> = {
  transcriptions: 'transcription',
  translations: 'translation of speech',
  speech: 'speech',
};

/** Who has which of OpenAI's audio endpoints. */
@Injectable()
export class AudioVendors {
  constructor(private readonly registry: ProviderRegistry) {}

  offers({ audioTasks }: Vendor, task: AudioTask): boolean {
    return audioTasks?.includes(task) === true;
  }

  /**
   * Of its endpoint, below its base URL.
   *
   * @throws InvalidRequestError (400) where it has none, naming who has
   */
  pathAt(vendor: Vendor, task: AudioTask): string {
    if (!this.offers(vendor, task)) {
      const others = this.registry.all.filter(other => this.offers(other, task)).map(({ id }) => id);
      throw new InvalidRequestError(
        `The vendor '${vendor.id}' offers no ${NAMES[task]}. Ask one that does: ${others.join(', ')}.`,
        'model',
      );
    }
    return `/audio/${task}`;
  }
}
