import type {
  CrossingParts,
  LiveAct,
  LiveEnd,
  LiveEvent,
  LiveSettings,
  LiveVendorSide,
  VendorSaid,
} from '../domain/live-crossing.js';
import { Losses } from '../domain/losses.js';
import { addUsage, type Usage } from '../domain/usage.js';
import { objectAt, objectsAt, stringOr, textAt, type Wire } from '../domain/wire.js';
import { durationOf } from '../sound/pcm.js';
import { AtRate } from '../sound/resampler.js';
import { writeItem } from './items.writer.js';
import { RATE, writeSession } from './session.writer.js';
import { readVendorEvent } from './vendor-events.js';

/** OpenAI takes no less as a speech. */
const SHORTEST_SPEECH_MS = 100;
/** They come of messages that another protocol's callers may send at any time. */
const HARMLESS: ReadonlySet<string> = new Set([
  'response_cancel_not_active',
  'input_audio_buffer_commit_empty',
]);

/** An answer that nobody has asked for has begun. */
const ALREADY = 'conversation_already_has_active_response';

/** Plays OpenAI's client for a caller of another protocol. */
export class OpenAiVendorSide implements LiveVendorSide {
  private readonly atRate = new AtRate(RATE);
  private settings: LiveSettings | null = null;
  private isReady = false;
  private isAnswering = false;
  /** It was asked for, and has not begun. */
  private isAwaited = false;
  /** An answer is asked for, and another one is not over. */
  private isAsked = false;
  private wasInterrupted = false;
  /** Of the answers to calls of tools, which other protocols know as one with what follows. */
  private usage: Usage | null = null;
  private calls = 0;
  /** Milliseconds of sound that are in no speech yet. */
  private unsaidMs = 0;
  /** Items whose words came in pieces. */
  private heardItem = '';

  constructor(private readonly parts: CrossingParts) {}

  get unsaid(): LiveAct[] {
    return this.isAsked ? [{ kind: 'answer' }] : [];
  }

  write(act: LiveAct): Wire[] {
    switch (act.kind) {
      case 'settle':
        return this.settle(act.settings);
      case 'sound': {
        const pcm = this.atRate.of(act.sound);
        this.unsaidMs += durationOf({ pcm, rate: RATE });
        return [{ type: 'input_audio_buffer.append', audio: pcm.toString('base64') }];
      }
      case 'speech':
        return act.edge === 'ended' ? this.commit() : [];
      case 'unsay':
        this.unsaidMs = 0;
        return [{ type: 'input_audio_buffer.clear' }];
      case 'item': {
        const item = writeItem(act.item, this.parts.losses);
        return item ? [{ type: 'conversation.item.create', item }] : [];
      }
      case 'answer':
        return this.ask(act.instructions);
      case 'break':
        return this.isAnswering ? [{ type: 'response.cancel' }] : [];
    }
  }

  read(event: Wire): VendorSaid {
    const events = this.eventsOf(event);
    const isFree = this.isAsked && !this.isAnswering;
    this.isAsked &&= !isFree;
    return { events, replies: isFree ? this.ask() : [] };
  }

  private settle(settings: LiveSettings): Wire[] {
    const losses = new Losses();
    const session = writeSession(settings, this.parts, losses);
    losses.assertAcceptable(this.parts.target.vendor, false);
    this.parts.losses.take(losses);
    this.settings = settings;
    return [{ type: 'session.update', session }];
  }

  private commit(): Wire[] {
    const isSpeech = this.unsaidMs >= SHORTEST_SPEECH_MS;
    this.unsaidMs = 0;
    return [{ type: isSpeech ? 'input_audio_buffer.commit' : 'input_audio_buffer.clear' }];
  }

  private ask(instructions?: string): Wire[] {
    if (this.isAnswering) {
      this.isAsked = true;
      return [];
    }
    this.isAnswering = true;
    this.isAwaited = true;
    const response = instructions === undefined ? {} : { response: { instructions } };
    return [{ type: 'response.create', ...response }];
  }

  private eventsOf(event: Wire): LiveEvent[] {
    const type = textAt(event, 'type');
    switch (type) {
      case 'session.updated':
        return this.ready();
      case 'input_audio_buffer.speech_started':
        return this.spokenUp();
      case 'input_audio_buffer.speech_stopped':
        this.unsaidMs = 0;
        return [{ kind: 'speech', edge: 'ended' }];
      case 'conversation.item.input_audio_transcription.delta':
        this.heardItem = textAt(event, 'item_id');
        return [{ kind: 'heard', text: textAt(event, 'delta') }];
      case 'conversation.item.input_audio_transcription.completed':
        return this.heardItem === textAt(event, 'item_id')
          ? []
          : [{ kind: 'heard', text: textAt(event, 'transcript') }];
      case 'conversation.item.input_audio_transcription.failed':
        return [{ kind: 'refused', ...errorOf(event) }];
      case 'response.created':
        this.isAnswering = true;
        this.isAwaited = false;
        return [];
      case 'response.done':
        return this.over(event);
      case 'error':
        return this.refused(event);
      default:
        return this.piece(type, event);
    }
  }

  /** Names of the beta are Voice Live's to this day. xAI says everything aloud: who wants words has the transcript then. */
  private piece(type: string, event: Wire): LiveEvent[] {
    const text = textAt(event, 'delta');
    const isSpoken = this.settings?.isSpoken !== false;
    switch (type) {
      case 'response.output_text.delta':
      case 'response.text.delta':
        return [{ kind: 'text', text }];
      case 'response.output_audio_transcript.delta':
      case 'response.audio_transcript.delta':
        return [{ kind: isSpoken ? 'words' : 'text', text }];
      case 'response.output_audio.delta':
      case 'response.audio.delta':
        return isSpoken ? [{ kind: 'sound', sound: { pcm: Buffer.from(text, 'base64'), rate: RATE } }] : [];
      case 'response.function_call_arguments.done':
        return this.called(event);
      default:
        return [];
    }
  }

  /** Some tell the name of the tool in the item alone: it is read from the end of the answer then. */
  private called(event: Wire): LiveEvent[] {
    const name = textAt(event, 'name');
    if (name === '') {
      return [];
    }
    this.calls += 1;
    return [
      { kind: 'call', call: { id: textAt(event, 'call_id'), name, arguments: textAt(event, 'arguments') } },
    ];
  }

  private ready(): LiveEvent[] {
    const events: LiveEvent[] = this.isReady ? [] : [{ kind: 'ready' }];
    this.isReady = true;
    return events;
  }

  private spokenUp(): LiveEvent[] {
    const breaksOff = this.isAnswering && this.settings?.activity?.interrupts === true;
    this.wasInterrupted ||= breaksOff;
    const speech = { kind: 'speech', edge: 'begun' } as const;
    return breaksOff ? [{ kind: 'interrupted' }, speech] : [speech];
  }

  private over(event: Wire): LiveEvent[] {
    const response = objectAt(event, 'response') ?? {};
    const [news] = readVendorEvent(event);
    const { end, usage } = news?.kind === 'over' ? news : { end: 'failed' as LiveEnd, usage: null };
    const late = this.lateCalls(response);
    const awaitsResults = end === 'completed' && this.calls > 0;
    const hasToTell = end === 'interrupted' && !this.wasInterrupted;
    this.usage = this.usage && usage ? addUsage(this.usage, usage) : (usage ?? this.usage);
    const told = awaitsResults ? null : this.usage;
    this.usage = awaitsResults ? this.usage : null;
    this.calls = 0;
    this.isAnswering = false;
    this.wasInterrupted = false;
    const message = end === 'failed' ? failureOf(response) : null;
    return [
      ...late,
      ...(hasToTell ? [{ kind: 'interrupted' as const }] : []),
      ...(end === 'completed' && !awaitsResults ? [{ kind: 'said' as const }] : []),
      { kind: 'over', end, usage: told, awaitsResults, message },
    ];
  }

  private lateCalls(response: Wire): LiveEvent[] {
    const items = objectsAt(response, 'output').filter(item => item['type'] === 'function_call');
    return this.calls > 0 ? [] : items.flatMap(item => this.called(item));
  }

  private refused(event: Wire): LiveEvent[] {
    const error = errorOf(event);
    if (this.isAwaited && error.code !== ALREADY) {
      this.isAwaited = false; // as far as anybody can know: no vendor tells which event it means
      this.isAnswering = false;
    }
    return HARMLESS.has(error.code ?? '') ? [] : [{ kind: 'refused', ...error }];
  }
}

function errorOf(event: Wire): { readonly message: string; readonly code: string | null } {
  const error = objectAt(event, 'error') ?? {};
  const message = stringOr(error['message'], 'The vendor did not take that.');
  return { message, code: stringOr(error['code'], null) ?? stringOr(error['type'], null) };
}

function failureOf(response: Wire): string {
  const error = objectAt(objectAt(response, 'status_details') ?? {}, 'error') ?? {};
  return stringOr(error['message'], 'The vendor broke off the answer.');
}
