import { InvalidRequestError } from '@app/shared';
import type { LiveMemory, LivePlace, LiveReplay } from '../domain/live-memory.js';
import { UnansweredSound } from '../domain/unanswered-sound.js';
import { objectAt, stringOr, textAt, type Wire } from '../domain/wire.js';
import { TELEPHONE_RATE } from '../sound/sound-format.js';
import { newId } from './ids.js';
import { KeptItem } from './kept-item.js';
import { MOST_SETTLED_BYTES } from './session-input.js';
import { warningsEvent } from './told.js';
import { KeptItems } from './kept-items.js';
import { OpenAnswers } from './open-answers.js';

const COMMIT = Buffer.from('{"type":"input_audio_buffer.commit"}');
/** OpenAI closes sessions of an hour with that: 1001, "Your session hit the maximum duration of 60 minutes." */
const END_OF_LIFE = /maximum duration/;
/** How events of a replay are called, in what the vendor says of them. */
const REPLAYED = 'llmhub_replay_';
/** Of sound in base64, in a millisecond. */
const PCM_BYTES = 64;
const TELEPHONE_BYTES = (TELEPHONE_RATE / 1000) * (4 / 3);

/** What was said with a vendor of OpenAI's protocol. */
export class OpenAiMemory implements LiveMemory {
  isReady = true;
  readonly isToBeLeft = false; // nobody is told before
  readonly hasHandle = false;
  /** All that the caller settled, as one. */
  private settings: Wire | null = null;
  private readonly items = new KeptItems();
  private readonly answers = new OpenAnswers(this.items);
  private readonly sound = new UnansweredSound();
  /** Of the caller's, and without an answer: settings that hold since, and items that are there since. */
  private updates = 0;
  private creates: Wire[] = [];
  private unansweredBytes = 0;
  /** More was said than is kept: the session cannot be opened again. */
  private isOverfull = false;
  private isSpeaking = false;
  private isEnding = false;
  /** Ids of items of the replay: the caller has seen them. */
  private readonly known = new Set<string>();
  /** Settings of the replay that the caller knows of are not confirmed yet. */
  private hasOwnUpdate = false;
  private isReopened = false;

  noteSound(frame: Buffer): void {
    this.sound.add(frame);
  }

  noteSaid(event: Wire): Wire {
    switch (event['type']) {
      case 'session.update':
        this.settle(objectAt(event, 'session') ?? {});
        break;
      case 'input_audio_buffer.append':
        this.sound.add(Buffer.from(JSON.stringify(event)));
        break;
      case 'input_audio_buffer.commit':
        this.sound.mark(COMMIT);
        break;
      case 'input_audio_buffer.clear':
        this.sound.clear();
        break;
      case 'conversation.item.create':
        this.noteCreate(event);
        break;
      case 'conversation.item.delete':
        this.items.remove(textAt(event, 'item_id'));
        break;
      case 'response.create':
        this.answers.ask(event);
        break;
      case 'response.cancel':
        this.answers.cancel();
        break;
    }
    return event;
  }

  noteSpoken(bytes: number): void {
    this.answers.noteSound(bytes);
  }

  noteHeard(event: Wire): Wire | null {
    const type = textAt(event, 'type');
    if (type.startsWith('response.')) {
      this.answers.note(type, event);
      return event;
    }
    if (type.startsWith('conversation.')) {
      return this.isNews(type, event) ? event : null;
    }
    switch (type) {
      case 'session.created':
        this.isReady = true;
        return this.isReopened ? null : event;
      case 'session.updated':
        return this.updated(event);
      case 'input_audio_buffer.speech_started':
      case 'input_audio_buffer.speech_stopped':
        this.isSpeaking = type.endsWith('started');
        return event;
      case 'input_audio_buffer.committed':
        this.noteSpeech(event);
        return event;
      case 'error':
        return this.refused(event);
      default:
        return event;
    }
  }

  isEndOfLife(reason: string): boolean {
    return this.isEnding || END_OF_LIFE.test(reason);
  }

  breakOff(isCrossed: boolean): readonly Wire[] {
    return this.answers.breakOff(isCrossed);
  }

  reopen({ admit }: LivePlace): LiveReplay {
    if (this.isOverfull) {
      throw new InvalidRequestError(
        'More was said of the session than the gateway keeps, so that no vendor can go on with it. Open it anew.',
        null,
        'session_too_large',
      );
    }
    const { items, unsaid } = this.items.replayed;
    const asks = this.answers.again();
    const rest = [
      ...this.settled(admit),
      ...items.map(item => replayed({ type: 'conversation.item.create', item })),
      ...this.creates,
      ...this.sound.list,
      ...asks,
    ];
    const lost = this.lost(unsaid);
    items.forEach(item => this.known.add(textAt(item, 'id')));
    this.isReopened = true;
    this.isReady = false;
    this.isSpeaking = false;
    this.isEnding = false;
    return { opening: [], rest, by: 'replay', lost, asksAgain: asks.length > 0 };
  }

  private settle(update: Wire): void {
    this.settings = this.isOverfull ? null : merged(this.settings ?? {}, update);
    this.updates += 1;
    this.assertRoom(JSON.stringify(this.settings).length);
  }

  private noteCreate(event: Wire): void {
    if (!this.isOverfull) {
      this.unansweredBytes = this.creates.length === 0 ? 0 : this.unansweredBytes;
      this.unansweredBytes += JSON.stringify(event).length;
      this.creates.push(event);
      this.assertRoom(this.unansweredBytes);
    }
  }

  /** What vendors do not answer, and settings without an end, are kept no longer: no caller is to fill the memory. */
  private assertRoom(bytes: number): void {
    if (bytes > MOST_SETTLED_BYTES) {
      this.isOverfull = true;
      this.settings = null;
      this.creates = [];
    }
  }

  private settled(admit: LivePlace['admit']): Wire[] {
    if (!this.settings) {
      return [];
    }
    const { model: _theirs, ...session } = this.settings; // the new connection was opened with its own
    this.hasOwnUpdate = this.updates === 0;
    this.updates = Math.min(this.updates, 1);
    return [replayed(admit({ type: 'session.update', session }))];
  }

  private lost(unsaid: number): string[] {
    const { forgotten } = this.items;
    this.items.forgotten = 0;
    return [
      ...(forgotten > 0 ? [`The first ${forgotten} items of a long conversation.`] : []),
      ...(unsaid > 0
        ? [`${unsaid} items that nobody knows in words, such as speech without a transcript.`]
        : []),
      ...(this.sound.isCut && this.isSpeaking ? ['The beginning of what is being said.'] : []),
    ];
  }

  private updated(event: Wire): Wire | null {
    const isOwn = this.hasOwnUpdate;
    this.hasOwnUpdate = false;
    this.updates = Math.max(this.updates - 1, 0);
    return isOwn ? null : event;
  }

  /** The caller has spoken: what came until then is an item now. */
  private noteSpeech(event: Wire): void {
    const isAsked = this.sound.has(COMMIT);
    const item = new KeptItem(textAt(event, 'item_id'), { type: 'message', role: 'user' });
    item.sound = this.sound.take(isAsked ? COMMIT : undefined);
    this.items.add(item, event['previous_item_id']);
    this.answers.isDue ||= !isAsked && this.at('input', 'turn_detection')['create_response'] !== false;
  }

  /** False for what only the replay makes the vendor say. */
  private isNews(type: string, event: Wire): boolean {
    const item = objectAt(event, 'item') ?? {};
    const id = stringOr(event['item_id'], textAt(item, 'id'));
    switch (type) {
      case 'conversation.created':
        return !this.isReopened;
      case 'conversation.item.done':
        return !this.known.has(id);
      case 'conversation.item.added':
      case 'conversation.item.created':
        this.noteItem(id, item, event);
        return !this.known.has(id);
      case 'conversation.item.deleted':
        this.items.remove(id);
        return true;
      case 'conversation.item.truncated':
        this.noteTruncated(id, Number(event['audio_end_ms']));
        return true;
      case 'conversation.item.input_audio_transcription.completed':
        this.items.find(id)?.finish({ content: [{ transcript: textAt(event, 'transcript') }] });
        return true;
      default:
        return true;
    }
  }

  private noteItem(id: string, item: Wire, event: Wire): void {
    if (!this.items.find(id) && !this.known.has(id)) {
      const given = objectAt(this.creates.shift() ?? {}, 'item') ?? item;
      this.items.add(new KeptItem(id, given), event['previous_item_id']);
    }
  }

  private noteTruncated(id: string, endMs: number): void {
    const item = this.items.find(id);
    const isTelephone = /pcm[ua]/.test(textAt(this.at('output', 'format'), 'type'));
    const bytes = endMs * (isTelephone ? TELEPHONE_BYTES : PCM_BYTES);
    item?.cut(item.spokenBytes === 0 ? 0 : bytes / item.spokenBytes);
  }

  private at(side: 'input' | 'output', name: string): Wire {
    const settings = this.settings ?? {};
    const sound = objectAt(objectAt(settings, 'audio') ?? {}, side) ?? {};
    return objectAt(sound, name) ?? objectAt(settings, name) ?? {}; // the beta has it outside
  }

  private refused(event: Wire): Wire | null {
    const error = objectAt(event, 'error') ?? {};
    const about = textAt(error, 'event_id');
    const param = textAt(error, 'param');
    if (error['code'] === 'session_expired') {
      this.isEnding = true;
      return null;
    }
    if (about.startsWith(REPLAYED)) {
      return warningsEvent([
        { field: 'x_llmhub.resumed', action: 'dropped', detail: textAt(error, 'message') },
      ]);
    }
    if (param.startsWith('item') || this.creates.some(({ event_id }) => about !== '' && event_id === about)) {
      this.creates.shift();
    } else if (param.startsWith('response') || /active_response/.test(textAt(error, 'code'))) {
      this.answers.withdraw();
    }
    return event;
  }
}

function replayed(event: Wire): Wire {
  return { ...event, event_id: newId('event').replace('event_', REPLAYED) };
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
