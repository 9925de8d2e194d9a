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
import { KeptSettings } from './kept-settings.js';
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
  private readonly settings = new KeptSettings();
  private readonly items = new KeptItems();
  private readonly answers = new OpenAnswers(this.items);
  private readonly sound = new UnansweredSound();
  /** Items of the caller's that no vendor has confirmed. */
  private creates: Wire[] = [];
  private unansweredBytes = 0;
  /** More was said than is kept: the session cannot be opened again. */
  private isOverfull = false;
  private isSpeaking = false;
  private isEnding = false;
  /** Ids of items of the replay: the caller has seen them. */
  private readonly known = new Set<string>();
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
        return this.settings.confirm() ? event : null;
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

  get isAwaited(): boolean {
    return !this.isOverfull && this.answers.areAwaited;
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
    const unconfirmed = new Set([...this.creates, ...asks]);
    const rest = [
      ...this.settled(admit, unconfirmed),
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
    return { opening: [], rest, by: 'replay', lost, unconfirmed, asksAgain: asks.length > 0 };
  }

  private settle(update: Wire): void {
    if (this.isOverfull || this.settings.settle(update)) {
      this.overfill();
    }
  }

  private noteCreate(event: Wire): void {
    if (!this.isOverfull) {
      this.unansweredBytes = this.creates.length === 0 ? 0 : this.unansweredBytes;
      this.unansweredBytes += JSON.stringify(event).length;
      this.creates.push(event);
      if (this.unansweredBytes > MOST_SETTLED_BYTES) {
        this.overfill();
      }
    }
  }

  /** What vendors do not answer, and settings without an end, are kept no longer: no caller is to fill the memory. */
  private overfill(): void {
    this.isOverfull = true;
    this.settings.forget();
    this.creates = [];
  }

  private settled(admit: LivePlace['admit'], unconfirmed: Set<Wire>): Wire[] {
    const kept = this.settings.replayed();
    if (!kept) {
      return [];
    }
    const update = replayed(admit({ type: 'session.update', session: kept.session }));
    if (!kept.isConfirmed) {
      unconfirmed.add(update);
    }
    return [update];
  }

  private lost(unsaid: number): string[] {
    const { forgotten } = this.items;
    const unwritten = this.items.all.filter(item => item.isUnwritten).length;
    this.items.forgotten = 0;
    return [
      ...(forgotten > 0 ? [`The first ${forgotten} items of a long conversation.`] : []),
      ...(unsaid > 0
        ? [`${unsaid} items that nobody knows in words, such as speech without a transcript.`]
        : []),
      ...(unwritten > 0 && Object.keys(this.settings.at('input', 'transcription')).length > 0
        ? [`The transcripts of ${unwritten} speeches, which nobody has written down yet.`]
        : []),
      ...(this.sound.isCut && this.isSpeaking ? ['The beginning of what is being said.'] : []),
    ];
  }

  /** The caller has spoken: what came until then is an item now. */
  private noteSpeech(event: Wire): void {
    const isAsked = this.sound.has(COMMIT);
    const item = new KeptItem(textAt(event, 'item_id'), { type: 'message', role: 'user' });
    item.sound = this.sound.take(isAsked ? COMMIT : undefined);
    this.items.add(item, event['previous_item_id']);
    this.answers.isDue ||= !isAsked && this.settings.answersSpeech;
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
    const isTelephone = /pcm[ua]/.test(textAt(this.settings.at('output', 'format'), 'type'));
    const bytes = endMs * (isTelephone ? TELEPHONE_BYTES : PCM_BYTES);
    item?.cut(item.spokenBytes === 0 ? 0 : bytes / item.spokenBytes);
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
