import type { StreamFraming } from '@app/inference';
import { eventsIn, isObject } from '@app/shared';

/** Sound as it is: there is no word in it, neither for a silence nor for a failure. */
export class SoundFraming implements StreamFraming {
  readonly ping = null;
  readonly isMute = true;

  constructor(readonly contentType: string) {}

  next(bytes: Buffer | string): Buffer | string {
    return bytes;
  }

  last(bytes: Buffer | string): Buffer | string {
    return bytes;
  }
}

/** The sound out of the events that a vendor was asked for, which tell what it used. */
export class EventlessFraming extends SoundFraming {
  override next(events: Buffer | string): Buffer {
    return Buffer.concat(eventsIn(events).map(({ data }) => soundIn(data)));
  }

  override last(events: Buffer | string): Buffer {
    return this.next(events);
  }
}

function soundIn(data: string): Buffer {
  const event: unknown = data === '[DONE]' ? null : JSON.parse(data);
  const isDelta = isObject(event) && event['type'] === 'speech.audio.delta';
  return Buffer.from(isDelta && typeof event['audio'] === 'string' ? event['audio'] : '', 'base64');
}
