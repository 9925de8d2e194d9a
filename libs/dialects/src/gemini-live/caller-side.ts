import { GatewayError, InvalidRequestError } from '@app/shared';
import { invalid, optionalList, optionalText } from '../domain/fields.js';
import type {
  CallerSaid,
  CrossingParts,
  LiveAct,
  LiveCall,
  LiveCallerSide,
  LiveEvent,
  LiveItem,
  LiveSettings,
} from '../domain/live-crossing.js';
import type { Loss } from '../domain/losses.js';
import type { MediaPart, TextPart } from '../domain/part.js';
import { parseObject } from '../domain/tool-input.js';
import { isAbsent, isObject, objectAt, objectsAt, stringOr, textAt, type Wire } from '../domain/wire.js';
import { mediaKind } from '../gemini/content.reader.js';
import { camelNames } from '../gemini/member-names.js';
import { RATES } from '../sound/resampler.js';
import { readSetup } from './setup.reader.js';
import { soundOf } from './sound.js';
import { writeLiveUsage } from './usage.js';

/** Of sound that does not say it. https://ai.google.dev/gemini-api/docs/live-guide#audio-formats */
const HEARD_RATE = 16_000;
const MESSAGES = new Set(['setup', 'clientContent', 'realtimeInput', 'toolResponse']);

/** Plays Google for a caller whose model is another vendor's. */
export class GeminiCallerSide implements LiveCallerSide {
  private settings: LiveSettings | null = null;
  private isReady = false;
  private isAnswering = false;
  private isSpeaking = false;
  /** Of the answer, until it ends with them. */
  private calls: LiveCall[] = [];
  private readonly waiting = new Set<string>();

  constructor(private readonly parts: CrossingParts) {}

  greet(): Wire[] {
    return [];
  }

  read(said: Wire): CallerSaid {
    const message = camelNames(said);
    const unknown = Object.keys(message).find(name => !MESSAGES.has(name));
    if (unknown !== undefined) {
      throw new InvalidRequestError(
        `Send one of ${[...MESSAGES].join(', ')}: '${unknown}' is not known.`,
        unknown,
      );
    }
    return { acts: this.acts(message), replies: [] };
  }

  write(event: LiveEvent): Wire[] {
    switch (event.kind) {
      case 'ready':
        return this.ready();
      case 'speech':
        this.isSpeaking = event.edge === 'begun';
        return [];
      case 'heard':
        return this.settings?.hearsWords ? [content({ inputTranscription: { text: event.text } })] : [];
      case 'text':
        return this.said({ modelTurn: { parts: [{ text: event.text }] } });
      case 'words':
        return this.said(this.settings?.tellsWords ? { outputTranscription: { text: event.text } } : null);
      case 'sound': {
        const { pcm, rate } = event.sound;
        const inlineData = { mimeType: `audio/pcm;rate=${rate}`, data: pcm.toString('base64') };
        return this.said({ modelTurn: { parts: [{ inlineData }] } });
      }
      case 'call':
        this.calls.push(event.call);
        return this.said(null);
      case 'withdrawn':
        event.ids.forEach(id => this.waiting.delete(id));
        return [{ toolCallCancellation: { ids: event.ids } }];
      case 'interrupted':
        return this.isAnswering ? [content({ interrupted: true })] : [];
      case 'said':
        return [content({ generationComplete: true })];
      case 'over':
        return this.over(event);
      case 'unheard':
      case 'refused':
        return this.refused(event);
    }
  }

  writeLosses(losses: readonly Loss[]): Wire {
    return { xLlmhub: { warnings: losses } };
  }

  private acts(message: Wire): LiveAct[] {
    const setup = objectAt(message, 'setup');
    if (Boolean(setup) !== (this.settings === null)) {
      throw new InvalidRequestError('`setup` must be the first message, and only the first.', 'setup');
    }
    if (setup) {
      this.settings = readSetup(setup, this.parts.losses);
      return [{ kind: 'settle', settings: this.settings }];
    }
    return [
      ...this.readContent(objectAt(message, 'clientContent')),
      ...this.readInput(objectAt(message, 'realtimeInput')),
      ...this.readResults(objectAt(message, 'toolResponse')),
    ];
  }

  private readContent(given: Wire | undefined): LiveAct[] {
    if (!given) {
      return [];
    }
    const said = camelNames(given);
    const items = (optionalList(said, 'turns', 'clientContent') ?? []).flatMap((turn, index) =>
      this.itemsOf(turn, `clientContent.turns[${index}]`),
    );
    return [
      ...this.breakOff(),
      ...items.map(item => ({ kind: 'item' as const, item })),
      ...(said['turnComplete'] === true ? [{ kind: 'answer' as const }] : []),
    ];
  }

  private itemsOf(turn: unknown, path: string): LiveItem[] {
    if (!isObject(turn)) {
      throw invalid(path, 'a content such as {"role": "user", "parts": [{"text": "…"}]}');
    }
    const items: LiveItem[] = [];
    const parts: (TextPart | MediaPart)[] = [];
    for (const given of objectsAt(turn, 'parts')) {
      const part = camelNames(given);
      const call = objectAt(part, 'functionCall');
      const result = objectAt(part, 'functionResponse');
      if (call) {
        const { id, name, args } = call;
        const written = JSON.stringify(args ?? {});
        items.push({ kind: 'call', id: stringOr(id, ''), name: stringOr(name, ''), arguments: written });
      } else if (result) {
        items.push(resultOf(result));
      } else {
        parts.push(...this.partOf(part, path));
      }
    }
    const role = turn['role'] === 'model' ? 'assistant' : 'user';
    return parts.length > 0 ? [{ kind: 'message', role, parts }, ...items] : items;
  }

  private partOf(part: Wire, path: string): (TextPart | MediaPart)[] {
    const text = optionalText(part, 'text', path);
    const blob = objectAt(part, 'inlineData');
    if (text !== undefined) {
      return part['thought'] === true ? [] : [{ kind: 'text', text }];
    }
    if (blob) {
      const { mimeType, data } = camelNames(blob);
      const mime = stringOr(mimeType, '');
      const source = { kind: 'base64' as const, data: stringOr(data, '') };
      return [{ kind: 'media', media: mediaKind(mime), mime, source }];
    }
    this.parts.losses.dropped(`${path}.parts`, 'The vendor takes text and inline media only.');
    return [];
  }

  private readInput(given: Wire | undefined): LiveAct[] {
    if (!given) {
      return [];
    }
    const input = camelNames(given);
    const text = optionalText(input, 'text', 'realtimeInput');
    const blobs = [objectAt(input, 'audio'), ...objectsAt(input, 'mediaChunks')].filter(isObject);
    if (!isAbsent(input['video'])) {
      this.parts.losses.dropped('realtimeInput.video', 'The vendor does not see.');
    }
    return [
      ...(text === undefined ? [] : [...this.breakOff(), ...spokenText(text)]),
      ...(isAbsent(input['activityStart']) ? [] : this.begin()),
      ...blobs.flatMap(blob => this.hear(camelNames(blob))),
      ...(isAbsent(input['activityEnd']) ? [] : SPOKEN),
      ...(input['audioStreamEnd'] === true && this.isSpeaking ? SPOKEN : []),
    ];
  }

  private begin(): LiveAct[] {
    if (this.settings?.activity) {
      throw new InvalidRequestError(
        'Explicit activity control is not supported when automatic activity detection is enabled.',
        'realtimeInput.activityStart',
      );
    }
    return [...this.breakOff(), { kind: 'speech', edge: 'begun' }];
  }

  private hear(blob: Wire): LiveAct[] {
    const sound = soundOf(blob, HEARD_RATE);
    if (!sound) {
      this.parts.losses.dropped(
        'realtimeInput.mediaChunks',
        `The vendor takes no ${textAt(blob, 'mimeType')}.`,
      );
      return [];
    }
    if (!RATES.has(sound.rate)) {
      throw invalid('realtimeInput.audio.mimeType', `a rate of ${[...RATES].join(', ')}`);
    }
    return [{ kind: 'sound', sound }];
  }

  private readResults(given: Wire | undefined): LiveAct[] {
    const results = given ? objectsAt(camelNames(given), 'functionResponses').map(resultOf) : [];
    results.forEach(({ callId }) => this.waiting.delete(callId));
    const items = results.map(item => ({ kind: 'item' as const, item }));
    return items.length > 0 && this.waiting.size === 0 ? [...items, { kind: 'answer' }] : items;
  }

  private breakOff(): LiveAct[] {
    return this.isAnswering ? [{ kind: 'break' }] : [];
  }

  private ready(): Wire[] {
    if (this.isReady) {
      return [];
    }
    this.isReady = true;
    return [{ setupComplete: { sessionId: this.parts.sessionId } }];
  }

  private said(serverContent: Wire | null): Wire[] {
    this.isAnswering = true;
    return serverContent ? [content(serverContent)] : [];
  }

  private over({ usage, awaitsResults, message }: Extract<LiveEvent, { kind: 'over' }>): Wire[] {
    const calls = this.calls.splice(0);
    this.isAnswering = false;
    if (awaitsResults) {
      calls.forEach(({ id }) => this.waiting.add(id));
      const functionCalls = calls.map(({ id, name, arguments: written }) => ({
        id,
        name,
        args: parseObject(written) ?? {},
      }));
      return [{ toolCall: { functionCalls } }];
    }
    const why =
      message === null ? [] : [this.writeLosses([{ field: 'answer', action: 'dropped', detail: message }])];
    return [
      ...why,
      { ...content({ turnComplete: true }), ...(usage && { usageMetadata: writeLiveUsage(usage) }) },
    ];
  }

  /** Who is not ready yet is told by a close, as by Google. @throws GatewayError (400) */
  private refused({ message, code }: Extract<LiveEvent, { kind: 'refused' | 'unheard' }>): Wire[] {
    if (!this.isReady) {
      throw new GatewayError(message, {
        status: 400,
        type: 'invalid_request_error',
        code: code ?? 'refused',
      });
    }
    return [this.writeLosses([{ field: code ?? 'message', action: 'refused', detail: message }])];
  }
}

const SPOKEN: readonly LiveAct[] = [{ kind: 'speech', edge: 'ended' }, { kind: 'answer' }];

function spokenText(text: string): LiveAct[] {
  return [
    { kind: 'item', item: { kind: 'message', role: 'user', parts: [{ kind: 'text', text }] } },
    { kind: 'answer' },
  ];
}

function resultOf({ id, response }: Wire): Extract<LiveItem, { kind: 'result' }> {
  const output = isObject(response) && Object.keys(response).length === 1 ? response['output'] : undefined;
  const text = typeof output === 'string' ? output : JSON.stringify(response ?? {});
  return { kind: 'result', callId: stringOr(id, ''), output: text };
}

function content(serverContent: Wire): Wire {
  return { serverContent };
}
