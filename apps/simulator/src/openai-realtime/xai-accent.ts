import { randomUUID } from 'node:crypto';
import { type Json, type JsonObject, asList, asObject, asText } from '../json.js';
import { durationOfPcm } from '../pcm.js';
import type { Message } from '../realtime/outlet.js';
import type { Accent } from './accent.js';

/** What `session.updated` has besides what was asked for. */
const SETTLED = {
  enable_noise_suppression: true,
  keep_context: false,
  enable_phonetic_spelling: false,
  modalities: ['audio'],
  input_audio_format: 'not specified',
  output_audio_format: 'not specified',
  tool_choice: 'auto',
  temperature: -1,
  max_response_output_tokens: 'inf',
};
/** What it does not say, or only in other places. */
const SILENT = new Set([
  'conversation.item.done',
  'rate_limits.updated',
  'response.output_audio.done',
  'response.function_call_arguments.delta',
]);

/**
 * xAI, as recordings/realtime/realtime-xai-* and realtime-parity-ws-*-xai-* have it: it detects speech only where it is told
 * to, at the session's own level (or where OpenAI has it), answers aloud whatever it is asked for, tells no item done, and its
 * usage beside the response.
 */
export class XaiAccent implements Accent {
  readonly endsItems = true;
  private asked: JsonObject = {};
  private model = '';
  /** Of the answer under way. */
  private spokenMs = 0;
  /** Of its words, which its sound belongs to. */
  private piece = '';

  understand({ audio, ...asked }: JsonObject): JsonObject {
    const { input, output } = asObject(audio);
    const before = asObject(this.asked.audio);
    this.asked = {
      ...this.asked,
      ...asked,
      audio: {
        input: { ...asObject(before.input), ...asObject(input) },
        output: { ...asObject(before.output), ...asObject(output) },
      },
    };
    const { instructions, tools, tool_choice, voice } = asked;
    return {
      type: 'realtime',
      ...(instructions !== undefined && { instructions }),
      ...(tools !== undefined && { tools }),
      ...(tool_choice !== undefined && { tool_choice }),
      audio: {
        input: { ...asObject(input), turn_detection: this.detection },
        output: { ...asObject(output), ...(voice !== undefined && { voice }) },
      },
    };
  }

  say(event: Message): readonly Message[] {
    const type = asText(event.type);
    switch (type) {
      case 'session.created':
        return this.greet(asObject(event.session));
      case 'session.updated':
        return [said({ type, session: this.settled() })];
      case 'conversation.item.added':
        return [itemAdded(event)];
      case 'response.created':
        this.spokenMs = 0;
        return [said({ type, response: responseOf(event) })];
      case 'response.output_item.added':
      case 'response.output_item.done':
        return [said({ ...event, item: itemOf(event.item, 'user') })];
      case 'response.done':
        return [this.done(event)];
      default:
        return SILENT.has(type) ? [] : this.piecesOf(type, event);
    }
  }

  private get detection(): Json {
    const { turn_detection, audio } = this.asked;
    const nested = asObject(asObject(audio).input).turn_detection;
    const told = asObject(turn_detection === undefined ? nested : turn_detection);
    return told.type == null ? null : told;
  }

  private greet({ id, object, model }: JsonObject): readonly Message[] {
    this.model = asText(model);
    const session = {
      id,
      object,
      instructions: '',
      voice: 'ara',
      modalities: ['audio'],
      turn_detection: { type: null },
      tools: [],
      model,
    };
    const conversation = { id: randomUUID(), object: 'realtime.conversation' };
    return [
      { type: 'session.created', event_id: randomUUID(), session },
      said({ type: 'conversation.created', conversation }),
      said({ type: 'ping', timestamp: Date.now() }),
    ];
  }

  private settled(): JsonObject {
    const { instructions, tools, audio } = this.asked;
    const { input, output } = asObject(audio);
    const { transcription } = asObject(input);
    return {
      ...SETTLED,
      ...(instructions !== undefined && { instructions }),
      turn_detection: this.detection ?? { type: null },
      model: this.model,
      ...(tools !== undefined && { tools: asList(tools).map(shownTool) }),
      ...(transcription !== undefined && { input_audio_transcription: transcription }),
      audio: {
        input: { ...asObject(input), transport: 'json' },
        output: { ...asObject(output), transport: 'json' },
      },
    };
  }

  private piecesOf(type: string, event: Message): readonly Message[] {
    switch (type) {
      case 'response.content_part.added':
        return [{ ...said(event), previous_item_id: '0' }];
      case 'response.content_part.done': {
        const at = without(event, 'part');
        return [said(at), said({ ...at, type: 'response.output_audio.done' })];
      }
      case 'response.output_audio.delta':
        return [this.sounded(event)];
      case 'response.output_audio_transcript.delta':
        this.piece = randomUUID();
        return [said({ ...event, rid: this.piece, start_time: this.spokenMs / 1000 })];
      case 'response.function_call_arguments.done': {
        const { arguments: delta, ...call } = without(event, 'name', 'output_index');
        return [said({ ...call, type: 'response.function_call_arguments.delta', delta }), said(event)];
      }
      default:
        return [said(event)];
    }
  }

  private sounded(event: Message): Message {
    const ms = durationOfPcm(Buffer.byteLength(asText(event.delta), 'base64'));
    const isFirst = this.spokenMs === 0;
    this.spokenMs += ms;
    const at = { rid: this.piece, audio_duration_ms: Math.round(ms), ts: Date.now() };
    return said({ ...event, ...at, ...(isFirst && { latency: '0.53' }) });
  }

  private done(event: Message): Message {
    const { id, usage } = asObject(event.response);
    return said({
      type: 'response.done',
      response: responseOf(event),
      response_id: id,
      ...(usage != null && { usage: this.usage(asObject(usage)) }),
    });
  }

  /** How the vendor comes from the seconds that it spoke to those that it bills, the recordings do not tell. */
  private usage({ input_tokens, output_tokens, total_tokens, ...details }: JsonObject): JsonObject {
    const seconds = this.spokenMs / 1000;
    return {
      input_tokens,
      input_token_details: kindsOf(details.input_token_details),
      output_tokens,
      output_token_details: kindsOf(details.output_token_details),
      total_tokens,
      output_audio_seconds: seconds,
      billable_audio_seconds: Math.ceil(seconds),
    };
  }
}

/** All that it says but the greeting. */
function said(event: Message): Message {
  const { obfuscation: _, ...told } = event;
  const index = told['output_index'] === undefined ? {} : { output_index: 0 };
  return { previous_item_id: null, ...told, ...index, event_id: randomUUID() };
}

function without(event: Message, ...names: readonly string[]): Message {
  return Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name)));
}

/** Where a call of a tool stands, is not told. */
function itemAdded({ item, previous_item_id, ...event }: Message): Message {
  const isCall = asObject(item).type === 'function_call';
  const shown = { ...itemOf(item, 'tool'), ...(isMessage(item) && { content: asObject(item).content }) };
  return said({ ...event, item: shown, previous_item_id: isCall ? null : previous_item_id });
}

const isMessage = (item: unknown): boolean => asObject(item).type === 'message';

/** @param role of a call of a tool, and of its result */
function itemOf(item: unknown, role: string): JsonObject {
  const { content: _, phase: __, ...shown } = asObject(item);
  const status = shown.status ?? 'completed';
  return { role, ...shown, status, object: 'realtime.item' };
}

function responseOf(event: Message): JsonObject {
  const { id, object, status, output } = asObject(event.response);
  return {
    id,
    object,
    status,
    status_details: 'unimplemented',
    output: asList(output).map(outputOf),
    usage: {},
  };
}

function outputOf(item: Json): JsonObject {
  const content = asList(asObject(item).content).map(part => ({ ...asObject(part), type: 'audio' }));
  return { ...itemOf(item, 'user'), ...(isMessage(item) && { content }) };
}

function shownTool(tool: Json): JsonObject {
  const { type, ...described } = asObject(tool);
  return type === 'function' ? { type, function: described } : asObject(tool);
}

function kindsOf(details: unknown): JsonObject {
  const { text_tokens = 0, audio_tokens = 0 } = asObject(details);
  return { text_tokens, audio_tokens, grok_tokens: 0 };
}
