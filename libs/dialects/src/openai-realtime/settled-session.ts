import { InvalidRequestError, type LiveConfig } from '@app/shared';
import { invalid } from '../domain/fields.js';
import type { CrossingParts, LiveSettings } from '../domain/live-crossing.js';
import { isObject, objectAt, type Wire } from '../domain/wire.js';
import type { SoundFormat } from '../sound/sound-format.js';
import { formatOf, inputOf, MOST_SETTLED_BYTES } from './session-input.js';
import { lossesOf } from './session-losses.js';

/** A session of OpenAI's protocol that is not OpenAI's: what its caller has settled. */
export abstract class SettledSession {
  protected abstract readonly type: LiveConfig['type'];
  /** What a caller is told that wants the other type. */
  protected abstract readonly wantedType: string;

  /** @param wire as its caller is shown it */
  constructor(
    private readonly parts: CrossingParts,
    public wire: Wire,
  ) {}

  /** @throws InvalidRequestError (400), after which all is as it was */
  update(update: Wire): void {
    const { type, wantedType, parts } = this;
    if ((update['type'] ?? type) !== type) {
      throw invalid('session.type', wantedType);
    }
    const next = this.updated(update);
    assertRoom(next);
    this.read(next);
    const losses = lossesOf(next, type);
    losses.assertAcceptable(parts.target.vendor, false);
    parts.losses.take(losses);
    this.wire = next;
  }

  get settings(): LiveSettings {
    return this.read(this.wire);
  }

  /** It is heard when the caller speaks. */
  get isAutomatic(): boolean {
    return isObject(objectAt(inputOf(this.wire), 'turn_detection'));
  }

  get inputFormat(): SoundFormat {
    return formatOf(inputOf(this.wire), 'session.audio.input');
  }

  /** The session behind an update. @throws InvalidRequestError (400) */
  protected abstract updated(update: Wire): Wire;
  /** @throws InvalidRequestError (400) */
  protected abstract read(session: Wire): LiveSettings;
}

/** Updates add up. @throws InvalidRequestError (400) */
function assertRoom(session: Wire): void {
  if (JSON.stringify(session).length > MOST_SETTLED_BYTES) {
    throw new InvalidRequestError(
      `The settings of the session come to more than ${MOST_SETTLED_BYTES} bytes. Leave out what is not needed.`,
      'session',
      'session_too_large',
    );
  }
}
