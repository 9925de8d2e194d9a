import { InvalidRequestError } from '@app/shared';
import { invalid, optionalText } from '../domain/fields.js';
import type { CallerSaid, CrossingParts, LiveAct, LiveEvent } from '../domain/live-crossing.js';
import { objectAt, type Wire } from '../domain/wire.js';
import { SoundEncoder } from '../sound/sound-format.js';
import { AnswerWriter } from './answer.writer.js';
import { newId } from './ids.js';
import { readItem } from './items.reader.js';
import { OpenAiSide } from './openai-side.js';
import { SessionSettings } from './session-settings.js';
import { NoActiveResponseError } from './no-active-response.error.js';
import { errorEvent, said, type Told } from './told.js';

/** Members of a `response.create` that any vendor can be told, or that are the gateway's to keep. */
const OWN_ANSWER = new Set(['instructions', 'metadata', 'conversation', 'output_modalities']);

interface Standing {
  readonly answer: AnswerWriter | null;
  readonly metadata: unknown;
  readonly lastItemId: string | null;
}

/** Plays OpenAI for a caller whose model is another vendor's. */
export class OpenAiCallerSide extends OpenAiSide<SessionSettings> {
  private readonly conversationId = newId('conv');
  private encoder: SoundEncoder;
  private answer: AnswerWriter | null = null;
  /** Of the answer that is asked for next. */
  private metadata: unknown = null;
  private isCancelled = false;
  /** The other side tells where speech begins and ends. */
  private isSpeechTold = false;
  /** As it was before the last event of the caller. */
  private before: Standing | null = null;

  constructor(parts: CrossingParts) {
    super(parts, new SessionSettings(parts));
    this.encoder = new SoundEncoder(this.session.outputFormat);
  }

  override read(event: Wire): CallerSaid {
    const { answer, metadata, speech } = this;
    this.before = { answer, metadata, lastItemId: speech.lastItemId };
    return super.read(event);
  }

  protected readOther(type: string, event: Wire): CallerSaid {
    switch (type) {
      case 'conversation.item.create':
        return this.add(event);
      case 'conversation.item.truncate':
        return this.truncate(event);
      case 'response.create':
        return this.ask(objectAt(event, 'response') ?? {});
      case 'response.cancel':
        return this.cancel();
      default:
        throw new InvalidRequestError(
          `'${type}' is not known at this model, which is another vendor's. Ask for a model of OpenAI's.`,
          'type',
          'unsupported_event',
        );
    }
  }

  takeBack(): void {
    if (this.before) {
      const { answer, metadata, lastItemId } = this.before;
      this.answer = answer;
      this.metadata = metadata;
      this.speech.lastItemId = lastItemId;
    }
  }

  protected override update(update: Wire): CallerSaid {
    const updated = super.update(update);
    const { outputFormat } = this.session;
    if (outputFormat.type !== this.encoder.format.type) {
      this.encoder = new SoundEncoder(outputFormat);
    }
    return updated;
  }

  private add(event: Wire): CallerSaid {
    const given = objectAt(event, 'item');
    if (!given) {
      throw invalid('item', 'an item such as {"type": "message", "role": "user", "content": […]}');
    }
    const item = readItem(given, this.session.inputFormat);
    const previous = optionalText(event, 'previous_item_id', '');
    if (previous !== undefined && previous !== this.speech.lastItemId) {
      this.parts.losses.approximated('previous_item_id', 'The vendor takes items at the end only.');
    }
    const id = optionalText(given, 'id', 'item') ?? newId('item');
    const at = { previous_item_id: this.speech.lastItemId, item: { ...given, id, status: 'completed' } };
    this.speech.lastItemId = id;
    return said(
      [{ kind: 'item', item }],
      { type: 'conversation.item.added', ...at },
      { type: 'conversation.item.done', ...at },
    );
  }

  /** Clients say it at each interruption: the vendor breaks off by itself. */
  private truncate({ item_id, content_index, audio_end_ms }: Wire): CallerSaid {
    this.parts.losses.approximated(
      'conversation.item.truncate',
      'The vendor itself keeps what it said before it was interrupted.',
    );
    return said([], { type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
  }

  private ask(asked: Wire): CallerSaid {
    if (this.answer) {
      throw new InvalidRequestError(
        `Conversation already has an active response in progress: ${this.answer.id}. Wait until the response is finished before creating a new one.`,
        null,
        'conversation_already_has_active_response',
      );
    }
    this.noteLost(asked);
    const instructions = optionalText(asked, 'instructions', 'response');
    this.metadata = asked['metadata'] ?? null;
    const act: LiveAct = { kind: 'answer', ...(instructions !== undefined && { instructions }) };
    return said([act], ...this.begin());
  }

  private noteLost(asked: Wire): void {
    const { losses } = this.parts;
    const { output_modalities: modalities } = this.session.wire;
    if ((asked['conversation'] ?? 'auto') !== 'auto') {
      throw new InvalidRequestError(
        'Answers beside the conversation are not there at this model.',
        'response.conversation',
      );
    }
    for (const name of Object.keys(asked)) {
      if (!OWN_ANSWER.has(name)) {
        losses.dropped(`response.${name}`, 'The vendor can be told for the whole session only.');
      }
    }
    const wanted = asked['output_modalities'] ?? modalities;
    if (JSON.stringify(wanted) !== JSON.stringify(modalities)) {
      losses.dropped('response.output_modalities', 'The vendor can be told for the whole session only.');
    }
  }

  /** An answer to what was said may be under way of which nothing was told yet: only the gateway itself knows. */
  private cancel(): CallerSaid {
    if (!this.answer && !this.parts.tellsWholeSpeeches) {
      throw new NoActiveResponseError();
    }
    this.isCancelled = true;
    return { acts: [{ kind: 'break' }], replies: [] };
  }

  protected events(event: LiveEvent): Told[] {
    switch (event.kind) {
      case 'speech':
        this.isSpeechTold = true;
        return event.edge === 'begun' ? this.speech.begun(event.atMs) : this.speech.ended(event.atMs);
      case 'heard': {
        const { isTranscribed: isWanted, isAutomatic } = this.session;
        return this.speech.heard(event, { isWanted, isAutomatic });
      }
      case 'unheard':
        return this.speech.unheard(event, this.session.isTranscribed);
      case 'text':
      case 'words':
        return this.say(answer => answer.text(event.text, event.kind === 'words'));
      case 'sound':
        return this.say(answer => answer.sound(this.encoder.encode(event.sound).toString('base64')));
      case 'call':
        return this.say(answer => answer.call(event.call));
      case 'said':
        return this.answer?.said() ?? [];
      case 'interrupted':
        return this.session.isAutomatic && !this.isCancelled ? this.speech.begun() : [];
      case 'over':
        return this.over(event);
      case 'refused':
        return [errorEvent(event)];
      case 'withdrawn':
        this.parts.losses.dropped(
          'item.call_id',
          `No results are waited for any more of ${event.ids.join(', ')}.`,
        );
        return [];
      case 'ready':
        return [];
    }
  }

  private say(how: (answer: AnswerWriter) => Told[]): Told[] {
    const begun = this.answer ? [] : this.begun();
    return this.answer ? [...begun, ...how(this.answer)] : begun;
  }

  /** An answer that nobody asked for begins: the caller has spoken. */
  private begun(): Told[] {
    return this.session.isAutomatic && !this.isSpeechTold
      ? [...this.speech.ended(), ...this.begin()]
      : this.begin();
  }

  private begin(): Told[] {
    this.answer = new AnswerWriter({
      session: this.session.wire,
      conversationId: this.conversationId,
      previousItemId: this.speech.lastItemId,
      metadata: this.metadata,
    });
    this.metadata = null;
    this.isCancelled = false;
    return this.answer.begin();
  }

  private over(event: Extract<LiveEvent, { kind: 'over' }>): Told[] {
    const begun = !this.answer && event.end === 'failed' ? this.begun() : []; // else nobody would hear of it
    const heard = this.speech.answered();
    const { answer } = this;
    if (!answer) {
      return heard;
    }
    this.answer = null;
    const done = answer.over(event, this.isCancelled ? 'client_cancelled' : 'turn_detected');
    this.speech.lastItemId = answer.lastItemId;
    return [...begun, ...heard, ...done];
  }
}
