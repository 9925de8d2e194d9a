import type { LiveCall, LiveEnd, LiveEvent } from '../domain/live-crossing.js';
import type { Wire } from '../domain/wire.js';
import { newId } from './ids.js';
import type { Told } from './told.js';
import { writeUsage } from './usage.js';

type Over = Extract<LiveEvent, { kind: 'over' }>;

const STATUS: Readonly<Record<LiveEnd, string>> = {
  completed: 'completed',
  interrupted: 'cancelled',
  failed: 'failed',
};

/** What the answer is part of. */
export interface AnswerParts {
  readonly session: Wire;
  readonly conversationId: string;
  /** The item before it; null: it is the first. */
  readonly previousItemId: string | null;
  /** The caller's own, of its `response.create`. */
  readonly metadata: unknown;
}

/** One answer in OpenAI's events, as it grows. */
export class AnswerWriter {
  readonly id = newId('resp');
  /** The last item of the conversation. */
  lastItemId: string | null;
  private readonly output: Wire[] = [];
  private open: OpenMessage | null = null;

  constructor(private readonly parts: AnswerParts) {
    this.lastItemId = parts.previousItemId;
  }

  begin(): Told[] {
    return [{ type: 'response.created', response: this.response('in_progress', null, null) }];
  }

  /** A piece of a message in words, or of the words of a spoken one. */
  text(piece: string, isSpoken: boolean): Told[] {
    const { told, message } = this.message(isSpoken);
    message.text += piece;
    const type = isSpoken ? 'response.output_audio_transcript.delta' : 'response.output_text.delta';
    return [...told, { type, ...message.at, delta: piece }];
  }

  /** @param base64 of the caller's format */
  sound(base64: string): Told[] {
    const { told, message } = this.message(true);
    return [...told, { type: 'response.output_audio.delta', ...message.at, delta: base64 }];
  }

  call(call: LiveCall): Told[] {
    const told = this.endMessage('completed');
    const id = newId('item');
    const at = { response_id: this.id, item_id: id, output_index: this.output.length, call_id: call.id };
    const item = { id, type: 'function_call', name: call.name, call_id: call.id };
    const whole = { ...item, status: 'completed', arguments: call.arguments };
    const name = 'response.function_call_arguments';
    return [
      ...told,
      ...this.begun({ ...item, status: 'in_progress', arguments: '' }, at.output_index),
      { type: `${name}.delta`, ...at, delta: call.arguments },
      { type: `${name}.done`, ...at, name: call.name, arguments: call.arguments },
      ...this.ended(whole),
    ];
  }

  said(): Told[] {
    return this.endMessage('completed');
  }

  /** @param reason of an answer that broke off */
  over({ end, usage, message, code }: Over, reason: string): Told[] {
    const told = this.endMessage(end === 'completed' ? 'completed' : 'incomplete');
    const status = STATUS[end];
    const error = { type: 'server_error', code: code ?? 'server_error', message };
    const details =
      end === 'completed' ? null : { type: status, ...(end === 'failed' ? { error } : { reason }) };
    const response = this.response(status, details, usage && writeUsage(usage));
    return [...told, { type: 'response.done', response }];
  }

  private message(isSpoken: boolean): { readonly told: Told[]; readonly message: OpenMessage } {
    if (this.open?.isSpoken === isSpoken) {
      return { told: [], message: this.open };
    }
    const told = this.endMessage('completed');
    const message = new OpenMessage(this.id, this.output.length, isSpoken);
    this.open = message;
    const begun = this.begun(message.item('in_progress'), message.at.output_index);
    return { told: [...told, ...begun, message.partEvent('added')], message };
  }

  private endMessage(status: 'completed' | 'incomplete'): Told[] {
    const { open } = this;
    this.open = null;
    return open ? [...open.endings(), ...this.ended(open.item(status))] : [];
  }

  private begun(item: Wire, index: number): Told[] {
    const at = { response_id: this.id, output_index: index };
    return [
      { type: 'response.output_item.added', ...at, item },
      { type: 'conversation.item.added', previous_item_id: this.lastItemId, item },
    ];
  }

  private ended(item: Wire): Told[] {
    const at = { response_id: this.id, output_index: this.output.length };
    const previous = this.lastItemId;
    this.output.push(item);
    this.lastItemId = item['id'] as string;
    return [
      { type: 'conversation.item.done', previous_item_id: previous, item },
      { type: 'response.output_item.done', ...at, item },
    ];
  }

  private response(status: string, details: Wire | null, usage: Wire | null): Wire {
    const { session, conversationId, metadata } = this.parts;
    const { output_modalities, max_output_tokens, audio } = session;
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details: details,
      output: this.output,
      conversation_id: conversationId,
      output_modalities,
      max_output_tokens,
      audio: { output: (audio as Wire)['output'] },
      usage,
      metadata: metadata ?? null,
    };
  }
}

/** A message that is being said. */
class OpenMessage {
  text = '';
  readonly at: Wire & { readonly output_index: number };
  private readonly id = newId('item');

  constructor(
    responseId: string,
    index: number,
    readonly isSpoken: boolean,
  ) {
    this.at = { response_id: responseId, item_id: this.id, output_index: index, content_index: 0 };
  }

  item(status: 'in_progress' | 'completed' | 'incomplete'): Wire {
    const part = this.isSpoken
      ? { type: 'output_audio', transcript: this.text }
      : { type: 'output_text', text: this.text };
    const content = status === 'in_progress' ? [] : [part];
    return { id: this.id, type: 'message', status, role: 'assistant', content };
  }

  partEvent(edge: 'added' | 'done'): Told {
    const part = this.isSpoken ? { type: 'audio', transcript: this.text } : { type: 'text', text: this.text };
    return { type: `response.content_part.${edge}`, ...this.at, part };
  }

  endings(): Told[] {
    const { at, text } = this;
    const done = this.isSpoken
      ? [
          { type: 'response.output_audio.done', ...at },
          { type: 'response.output_audio_transcript.done', ...at, transcript: text },
        ]
      : [{ type: 'response.output_text.done', ...at, text }];
    return [...done, this.partEvent('done')];
  }
}
