import { Injectable } from '@nestjs/common';
import { type AudioTask, ProviderRegistry, type Vendor } from '@app/providers';
import { InvalidRequestError } from '@app/shared';
import type { TranscriptionFields } from './transcription.fields.js';

const NAMES: Readonly<Record<AudioTask, string>> = {
  transcriptions: 'transcription',
  translations: 'translation of speech',
  speech: 'speech',
};

/** Who can do what with sound: at OpenAI's endpoints, or in a way of its own. */
@Injectable()
export class AudioVendors {
  constructor(private readonly registry: ProviderRegistry) {}

  offers({ audioTasks, tasks }: Vendor, task: AudioTask): boolean {
    const { transcription, speech } = tasks ?? {};
    const own = { transcriptions: transcription, translations: transcription?.translates, speech };
    return Boolean(own[task]) || audioTasks?.includes(task) === true;
  }

  /** Whether the form says so, in the words of a vendor that takes that, that its recording is samples without a container. */
  isRaw({ others }: Pick<TranscriptionFields, 'others'>): boolean {
    return this.registry.all.some(({ tasks }) => tasks?.transcription?.isRaw?.(others) === true);
  }

  /** Where it does not offer that: who does; null where it does. */
  lacks(vendor: Vendor, task: AudioTask): InvalidRequestError | null {
    if (this.offers(vendor, task)) {
      return null;
    }
    const others = this.registry.all.filter(other => this.offers(other, task)).map(({ id }) => id);
    return new InvalidRequestError(
      `The vendor '${vendor.id}' offers no ${NAMES[task]}. Ask one that does: ${others.join(', ')}.`,
      'model',
    );
  }

  /**
   * Of OpenAI's endpoint, below its base URL.
   *
   * @throws InvalidRequestError (400) where it does not offer that, naming who does
   */
  pathAt(vendor: Vendor, task: AudioTask): string {
    const lacks = this.lacks(vendor, task);
    if (lacks) {
      throw lacks;
    }
    return `/audio/${task}`;
  }
}
