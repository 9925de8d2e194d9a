import { InvalidRequestError } from '@app/shared';
import {
  type CrossingParts,
  type LiveAct,
  type LiveEvent,
  type LiveItem,
  type LiveSettings,
  type LiveVendorSide,
  USUAL_LIVE_SETTINGS,
  type VendorSaid,
} from '../domain/live-crossing.js';
import { Losses } from '../domain/losses.js';
import { parseObject } from '../domain/tool-input.js';
import { meantUsage, type Usage } from '../domain/usage.js';
import { objectAt, objectsAt, stringOr, textAt, type Wire } from '../domain/wire.js';
import { callId } from '../gemini/content.reader.js';
import { readUsage } from '../gemini/usage.js';
import { HeldItems } from './held-items.js';
import { RATES } from '../sound/resampler.js';
import { writeSetup } from './setup.writer.js';
import { noteUnsayable } from './unsayable.js';
import { soundMessage, soundOf } from './sound.js';

type Result = Extract<LiveItem, { kind: 'result' }>;

/** Plays Google's client for a caller of another protocol. */
export class GeminiVendorSide implements LiveVendorSide {
  /** What the session was opened with; null: it is not. */
  private settled: LiveSettings | null = null;
  private settings: LiveSettings | null = null;
  /** The first message, until it is sent. */
  private opening: Wire | null = null;
  private readonly items: HeldItems;
  private results: Result[] = [];
  /** Calls without results, by id. */
  private readonly calls = new Map<string, string>();
  private wasInterrupted = false;
  private isAnswering = false;
  /** An answer is asked for, and has not begun. */
  private isAsked = false;
  private isSpeaking = false;
  /** The last answer; false: one is under way, or there was none. */
  private isOver = false;
  private usage: Usage | null = null;

  constructor(private readonly parts: CrossingParts) {
    this.items = new HeldItems(parts.losses);
  }

  get unsaid(): LiveAct[] {
    const items = [...this.items.all, ...this.results].map(item => ({ kind: 'item' as const, item }));
    return this.isAsked && this.isAnswering ? [...items, { kind: 'answer' }] : items; // else what is asked was told
  }

  write(act: LiveAct): Wire[] {
    if (act.kind === 'settle') {
      this.settle(act.settings);
      return [];
    }
    this.open();
    const said = this.written(act);
    const opening = this.opening ? [this.opening] : [];
    this.opening = null; // only now: who says what cannot be said opens nothing
    return [...opening, ...said];
  }

  read(message: Wire): VendorSaid {
    const content = objectAt(message, 'serverContent') ?? {};
    const meta = objectAt(message, 'usageMetadata');
    const isLate = this.isOver && !('serverContent' in message) && !('toolCall' in message);
    if (meta && !isLate) {
      this.usage = meantUsage(readUsage(meta, { any: false, tokens: 0 })) ?? this.usage;
    }
    const events = [
      ...('setupComplete' in message ? [{ kind: 'ready' } as const] : []),
      ...this.contentOf(content),
      ...this.callsOf(message),
      ...this.endOf(content),
    ];
    noteUnsayable(message, content, this.parts.losses);
    const isOver = content['turnComplete'] === true;
    return { events, replies: isOver ? this.afterAnswer() : [] };
  }

  /** Google settles a session once. */
  private settle(settings: LiveSettings): void {
    this.settings = settings;
    const { settled } = this;
    if (!settled) {
      return;
    }
    const names = Object.keys({ ...settled, ...settings }) as (keyof LiveSettings)[];
    for (const name of names) {
      if (JSON.stringify(settled[name]) !== JSON.stringify(settings[name])) {
        const detail = 'Google settles a session before it begins: say it in the first `session.update`.';
        this.parts.losses.dropped(`session (${name})`, detail);
      }
    }
  }

  private open(): void {
    if (this.settled) {
      return;
    }
    const { target } = this.parts;
    const settings = this.settings ?? USUAL_LIVE_SETTINGS;
    const losses = new Losses();
    const setup = writeSetup(settings, target, losses);
    losses.assertAcceptable(target.vendor, false);
    this.parts.losses.take(losses);
    this.settled = settings;
    this.opening = setup;
  }

  private written(act: Exclude<LiveAct, { kind: 'settle' }>): Wire[] {
    switch (act.kind) {
      case 'sound':
        return [...this.spoken(), ...this.speechBegun(), soundMessage(act.sound)];
      case 'speech':
        return act.edge === 'begun' ? this.speechBegun() : [];
      case 'unsay':
        this.parts.losses.dropped('input_audio_buffer.clear', 'Google has heard it already.');
        return [];
      case 'item':
        return this.add(act.item);
      case 'answer':
        return this.ask(act.instructions);
      case 'break':
        return this.isAnswering ? [{ clientContent: { turnComplete: false } }] : [];
    }
  }

  /** Only where nobody listens for it. */
  private speechBegun(): Wire[] {
    if (this.settled?.activity || this.isSpeaking) {
      return [];
    }
    this.isSpeaking = true;
    return [{ realtimeInput: { activityStart: {} } }];
  }

  private add(item: LiveItem): Wire[] {
    if (item.kind === 'result' && !this.items.isOfEarlier(item.callId)) {
      return this.addResult(item);
    }
    this.items.add(item);
    return [];
  }

  private addResult(result: Result): Wire[] {
    if (!this.calls.has(result.callId)) {
      throw new InvalidRequestError(
        `No result of the call '${result.callId}' is waited for.`,
        'item.call_id',
        'invalid_tool_call_id',
      );
    }
    this.results.push(result);
    return this.isAsked && !this.isAnswering ? this.toolResponse() : [];
  }

  private ask(instructions: string | undefined): Wire[] {
    if (instructions !== undefined) {
      this.parts.losses.moved('response.instructions', 'They were said as the last message of the user.');
      this.items.add({ kind: 'message', role: 'user', parts: [{ kind: 'text', text: instructions }] });
    }
    this.isAsked = true;
    return this.isAnswering ? [] : this.asked();
  }

  private asked(): Wire[] {
    if (this.results.length > 0) {
      if (this.items.any) {
        this.parts.losses.approximated(
          'item',
          'Messages beside results of tools are said with the next answer.',
        );
      }
      return this.toolResponse();
    }
    if (this.isSpeaking) {
      this.isSpeaking = false;
      return [...this.spoken(), { realtimeInput: { activityEnd: {} } }];
    }
    return [this.items.tell(true)];
  }

  /** What was written before it stands before what is spoken now. */
  private spoken(): Wire[] {
    const isFree = !this.isAnswering && this.calls.size === 0; // else it would break off what goes on
    return isFree && this.items.any ? [this.items.tell(false)] : [];
  }

  private toolResponse(): Wire[] {
    const functionResponses = this.results.map(({ callId: id, output }) => ({
      id,
      name: this.calls.get(id),
      response: parseObject(output) ?? { output },
    }));
    this.results.forEach(({ callId: id }) => this.calls.delete(id));
    this.results = [];
    return [{ toolResponse: { functionResponses } }];
  }

  private contentOf(content: Wire): LiveEvent[] {
    const heard = textAt(objectAt(content, 'inputTranscription') ?? {}, 'text');
    const words = textAt(objectAt(content, 'outputTranscription') ?? {}, 'text');
    const parts = objectsAt(objectAt(content, 'modelTurn') ?? {}, 'parts').flatMap(part => this.partOf(part));
    const events: LiveEvent[] = [
      ...(heard === '' ? [] : [{ kind: 'heard' as const, text: heard }]),
      ...(words === '' ? [] : [{ kind: 'words' as const, text: words }]),
      ...parts,
    ];
    this.begunBy(words !== '' || parts.length > 0);
    return events;
  }

  private partOf(part: Wire): LiveEvent[] {
    const blob = objectAt(part, 'inlineData');
    const sound = blob && soundOf(blob);
    if (sound && RATES.has(sound.rate)) {
      return [{ kind: 'sound', sound }];
    }
    if (blob) {
      this.parts.losses.dropped('modelTurn.inlineData', `Nobody knows '${textAt(blob, 'mimeType')}'.`);
    }
    const text = stringOr(part['text'], '');
    if (text === '' || part['thought'] === true) {
      return []; // thoughts have no place in other protocols' sessions
    }
    return [{ kind: this.settled?.isSpoken === false ? 'text' : 'words', text }];
  }

  private callsOf(message: Wire): LiveEvent[] {
    const calls = objectsAt(objectAt(message, 'toolCall') ?? {}, 'functionCalls').map(call => {
      const id = callId(call['id']);
      this.calls.set(id, textAt(call, 'name'));
      const written = JSON.stringify(call['args'] ?? {});
      return { kind: 'call' as const, call: { id, name: textAt(call, 'name'), arguments: written } };
    });
    const withdrawn = objectAt(message, 'toolCallCancellation');
    const told = withdrawn?.['ids'];
    const ids = Array.isArray(told) ? told.map(String) : [];
    ids.forEach(id => this.calls.delete(id));
    this.results = this.results.filter(({ callId: id }) => this.calls.has(id));
    if (calls.length > 0) {
      this.begunBy(true);
      this.isAnswering = false; // it waits for results
    }
    return [
      ...calls,
      ...(calls.length > 0 ? [overAt('completed', null, true)] : []),
      ...(ids.length > 0 ? [{ kind: 'withdrawn' as const, ids }] : []),
    ];
  }

  private endOf(content: Wire): LiveEvent[] {
    const isInterrupted = content['interrupted'] === true;
    const events: LiveEvent[] = [
      ...(isInterrupted ? [{ kind: 'interrupted' as const }] : []),
      ...(content['generationComplete'] === true ? [{ kind: 'said' as const }] : []),
    ];
    this.wasInterrupted ||= isInterrupted;
    if (content['turnComplete'] === true) {
      events.push(overAt(this.wasInterrupted ? 'interrupted' : 'completed', this.usage, false));
      this.isAnswering = false;
      this.isOver = true;
      this.wasInterrupted = false;
      this.usage = null;
    }
    return events;
  }

  private begunBy(hasBegun: boolean): void {
    if (hasBegun) {
      this.isAnswering = true;
      this.isOver = false;
      this.isAsked = false;
    }
  }

  private afterAnswer(): Wire[] {
    return this.isAsked ? this.asked() : [];
  }
}

function overAt(end: 'completed' | 'interrupted', usage: Usage | null, awaitsResults: boolean): LiveEvent {
  return { kind: 'over', end, usage, awaitsResults, message: null };
}
