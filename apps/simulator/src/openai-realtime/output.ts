import type { PlannedCall } from '../answering/script.js';
import { fragments, pieces } from '../answering/tokens.js';
import type { JsonObject } from '../json.js';
import type { Message } from '../realtime/outlet.js';
import { durationOf, speak } from '../realtime/speech.js';

/** One event of an answer, and what was generated for it. */
export interface OutputEvent {
  readonly event: Message;
  readonly text?: string;
  /** Milliseconds of speech. */
  readonly spokenMs?: number;
}

/** Where an item of an answer stands. */
export interface OutputPlace {
  readonly responseId: string;
  readonly itemId: string;
  readonly index: number;
  /** Of messages of models that tell it. */
  readonly phase?: 'commentary' | 'final_answer';
}

type Ending = 'completed' | 'incomplete';

/** One item of an answer, as it grows. */
export interface OutputItem {
  readonly itemId: string;
  /** Milliseconds of speech in it so far. */
  readonly spokenMs: number;
  wire(status: 'in_progress' | Ending): JsonObject;
  /** What comes behind `…item.added`. */
  growth(): Generator<OutputEvent>;
  /** What comes before `…item.done`. */
  endings(): readonly Message[];
}

/** Longer than any delta, so that the lengths of events tell nothing of the words. */
function obfuscation(delta: string): string {
  return 'obfuscation12345'.slice(Math.min(delta.length, 15));
}

/** A delta of text, as OpenAI pads it. */
export function textDelta(event: Message, delta: string): Message {
  return { ...event, delta, obfuscation: obfuscation(delta) };
}

/** A message in words, or in speech with its transcript. */
export class MessageOutput implements OutputItem {
  spokenMs = 0;
  private said = '';
  private readonly at: Message;

  constructor(
    private readonly place: OutputPlace,
    private readonly text: string,
    private readonly isSpoken: boolean,
  ) {
    const { responseId, itemId, index } = place;
    this.at = { response_id: responseId, item_id: itemId, output_index: index, content_index: 0 };
  }

  get itemId(): string {
    return this.place.itemId;
  }

  wire(status: 'in_progress' | Ending): JsonObject {
    const { itemId: id, phase } = this.place;
    const part = this.isSpoken
      ? { type: 'output_audio', transcript: this.said }
      : { type: 'output_text', text: this.said };
    const content = status === 'in_progress' ? [] : [part];
    return { id, type: 'message', status, role: 'assistant', content, ...(phase && { phase }) };
  }

  *growth(): Generator<OutputEvent> {
    yield { event: { type: 'response.content_part.added', ...this.at, ...this.part() } };
    const type = this.isSpoken ? 'response.output_audio_transcript.delta' : 'response.output_text.delta';
    for (const piece of pieces(this.text)) {
      this.said += piece;
      yield { event: textDelta({ type, ...this.at }, piece), text: piece };
      if (this.isSpoken) {
        yield* this.sound(piece);
      }
    }
  }

  endings(): readonly Message[] {
    const { at, said } = this;
    const part = { type: 'response.content_part.done', ...at, ...this.part() };
    return this.isSpoken
      ? [
          { type: 'response.output_audio.done', ...at },
          { type: 'response.output_audio_transcript.done', ...at, transcript: said },
          part,
        ]
      : [{ type: 'response.output_text.done', ...at, text: said }, part];
  }

  private *sound(piece: string): Generator<OutputEvent> {
    const total = durationOf(piece);
    let before = 0;
    for (const pcm of speak(piece)) {
      const spokenMs = Math.min(durationOf('12345'), total - before);
      before += spokenMs;
      this.spokenMs += spokenMs;
      const event = { type: 'response.output_audio.delta', ...this.at, delta: pcm.toString('base64') };
      yield { event, spokenMs };
    }
  }

  private part(): Message {
    return {
      part: this.isSpoken ? { type: 'audio', transcript: this.said } : { type: 'text', text: this.said },
    };
  }
}

export class CallOutput implements OutputItem {
  readonly spokenMs = 0;
  private written = '';
  private readonly at: Message;

  constructor(
    private readonly place: OutputPlace,
    private readonly call: PlannedCall,
    private readonly callId: string,
  ) {
    const { responseId, itemId, index } = place;
    this.at = { response_id: responseId, item_id: itemId, output_index: index, call_id: callId };
  }

  get itemId(): string {
    return this.place.itemId;
  }

  wire(status: 'in_progress' | Ending): JsonObject {
    const { callId: call_id, written, call } = this;
    const written_ = status === 'in_progress' ? '' : written;
    return { id: this.itemId, type: 'function_call', status, name: call.name, call_id, arguments: written_ };
  }

  *growth(): Generator<OutputEvent> {
    const type = 'response.function_call_arguments.delta';
    let before = this.call.name;
    for (const piece of fragments(this.call.arguments)) {
      this.written += piece;
      yield { event: textDelta({ type, ...this.at }, piece), text: before + piece };
      before = '';
    }
  }

  endings(): readonly Message[] {
    const type = 'response.function_call_arguments.done';
    return [{ type, ...this.at, name: this.call.name, arguments: this.written }];
  }
}
