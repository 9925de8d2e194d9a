import { objectAt, type Wire } from '../domain/wire.js';
import { MOST_SETTLED_BYTES } from './session-input.js';

/** All that the caller of a session settled, as one. */
export class KeptSettings {
  private session: Wire | null = null;
  /** So many updates are not confirmed yet. */
  private updates = 0;
  /** One of the replay is not that its caller knows of. */
  private hasOwnUpdate = false;

  /** @returns whether that is too much to be kept, and nothing is any more */
  settle(update: Wire): boolean {
    this.session = merged(this.session ?? {}, update);
    this.updates += 1;
    const isTooLong = JSON.stringify(this.session).length > MOST_SETTLED_BYTES;
    if (isTooLong) {
      this.session = null;
    }
    return isTooLong;
  }

  forget(): void {
    this.session = null;
  }

  /** Whether an answer is given to a speech that its vendor heard end. */
  get answersSpeech(): boolean {
    const isWrittenOnly = this.session?.['type'] === 'transcription';
    return !isWrittenOnly && this.at('input', 'turn_detection')['create_response'] !== false;
  }

  /** For another connection, which was opened with its own model; null: nothing was settled. */
  replayed(): { readonly session: Wire; readonly isConfirmed: boolean } | null {
    if (!this.session) {
      return null;
    }
    const { model: _theirs, ...session } = this.session;
    this.hasOwnUpdate = this.updates === 0;
    this.updates = Math.min(this.updates, 1);
    return { session, isConfirmed: this.hasOwnUpdate };
  }

  /** The vendor confirms an update. @returns whether its caller is to hear of that */
  confirm(): boolean {
    const isOwn = this.hasOwnUpdate;
    this.hasOwnUpdate = false;
    this.updates = Math.max(this.updates - 1, 0);
    return !isOwn;
  }

  at(side: 'input' | 'output', name: string): Wire {
    const settings = this.session ?? {};
    const sound = objectAt(objectAt(settings, 'audio') ?? {}, side) ?? {};
    return objectAt(sound, name) ?? objectAt(settings, name) ?? {}; // the beta has it outside
  }
}

/** As OpenAI takes it: what is not said stays as it was. */
function merged(before: Wire, update: Wire): Wire {
  const [old, fresh] = [objectAt(before, 'audio'), objectAt(update, 'audio')];
  const sides = fresh && {
    audio: {
      ...old,
      ...fresh,
      ...sideOf('input', old, fresh),
      ...sideOf('output', old, fresh),
    },
  };
  return { ...before, ...update, ...sides };
}

function sideOf(name: 'input' | 'output', old: Wire | undefined, fresh: Wire): Wire {
  const [before, update] = [old && objectAt(old, name), objectAt(fresh, name)];
  return before || update ? { [name]: { ...before, ...update } } : {};
}
