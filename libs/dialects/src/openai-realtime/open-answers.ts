import { objectAt, stringOr, textAt, type Wire } from '../domain/wire.js';
import { newId } from './ids.js';
import { KeptItem } from './kept-item.js';
import type { KeptItems } from './kept-items.js';

const ASK: Wire = { type: 'response.create' };
const WORDS = /^response\.(?:output_)?(?:text|audio_transcript)\.delta$/;

/** An answer that is being given. */
interface OpenAnswer {
  /** As its vendor began it. */
  readonly response: Wire;
  /** The event that asked for it; null: the vendor did so by itself. */
  readonly asked: Wire | null;
  readonly items: KeptItem[];
  /** Something of it was passed on. */
  isHeard: boolean;
}

/** The answers of a session that are asked for, or under way, and what they say. */
export class OpenAnswers {
  /** A speech has ended, and is answered without being asked for. */
  isDue = false;
  /** Events that ask, and have no answer that began. */
  private asks: Wire[] = [];
  private readonly open = new Map<string, OpenAnswer>();
  /** What is being said. */
  private spoken: KeptItem | undefined;

  constructor(private readonly items: KeptItems) {}

  /** One is waited for, and nothing of any was heard. */
  get areAwaited(): boolean {
    const isSilent = [...this.open.values()].every(({ isHeard }) => !isHeard);
    return isSilent && (this.isDue || this.asks.length + this.open.size > 0);
  }

  ask(event: Wire): void {
    this.asks.push(event);
  }

  /** The last one was refused. */
  withdraw(): void {
    this.asks.pop();
  }

  /** Nobody wants them any more. */
  cancel(): void {
    this.asks = [];
    this.open.forEach(answer => (answer.isHeard = true));
  }

  /** @param bytes of a frame of sound */
  noteSound(bytes: number): void {
    if (this.spoken) {
      this.spoken.spokenBytes += bytes;
    }
  }

  /** An event of a vendor whose type begins with `response.`. */
  note(type: string, event: Wire): void {
    const id = stringOr((objectAt(event, 'response') ?? {})['id'], textAt(event, 'response_id'));
    if (type === 'response.created') {
      this.isDue = false;
      const response = objectAt(event, 'response') ?? {};
      this.open.set(id, { response, asked: this.asks.shift() ?? null, items: [], isHeard: false });
      return;
    }
    const answer = this.open.get(id);
    if (answer && type === 'response.done') {
      this.open.delete(id);
      this.items.forgetSound();
    } else if (answer) {
      this.noteOf(answer, type, event);
    }
  }

  /** @returns what ends them for the caller. @param isCrossed it has seen nothing of those that nothing was heard of */
  breakOff(isCrossed: boolean): readonly Wire[] {
    const answers = [...this.open.values()];
    const unheard = answers.filter(({ isHeard }) => !isHeard);
    this.open.clear();
    this.spoken = undefined;
    this.asks = [...unheard.map(({ asked }) => asked ?? ASK), ...this.asks];
    unheard.flatMap(({ items }) => items).forEach(({ id }) => this.items.remove(id));
    const shown = isCrossed ? answers.filter(({ isHeard }) => isHeard) : answers;
    const broken = isCrossed ? 'cancelled' : 'incomplete';
    return shown.flatMap(answer => endingsOf(answer, answer.isHeard ? broken : 'failed'));
  }

  /** What asks a new vendor for all that is not answered. */
  again(): readonly Wire[] {
    if (this.isDue && this.asks.length === 0) {
      this.asks.push(ASK);
    }
    return this.asks;
  }

  private noteOf(answer: OpenAnswer, type: string, event: Wire): void {
    const whole = objectAt(event, 'item') ?? {};
    const itemId = stringOr(event['item_id'], textAt(whole, 'id'));
    const item = answer.items.find(({ id }) => id === itemId);
    if (type === 'response.output_item.added') {
      this.begin(answer, new KeptItem(itemId, whole));
    } else if (type === 'response.output_item.done') {
      item?.finish(whole);
    } else if (type === 'response.function_call_arguments.done') {
      answer.isHeard = true;
      item?.finish({ arguments: textAt(event, 'arguments') });
    } else if (type.endsWith('.delta')) {
      answer.isHeard = true;
      this.spoken = item;
      this.grow(type, textAt(event, 'delta'));
    }
  }

  private begin(answer: OpenAnswer, item: KeptItem): void {
    answer.items.push(item);
    if (answer.response['conversation_id'] !== null) {
      this.items.add(item, undefined); // others are beside the conversation
    }
  }

  private grow(type: string, piece: string): void {
    if (!this.spoken) {
      return;
    }
    if (WORDS.test(type)) {
      this.spoken.words += piece;
    } else if (type.endsWith('audio.delta')) {
      this.spoken.spokenBytes += piece.length;
    }
  }
}

/** All that had begun of it ends, too. */
function endingsOf({ response, items }: OpenAnswer, status: 'incomplete' | 'failed' | 'cancelled'): Wire[] {
  const output = items.map(item => item.ended);
  const message = 'The vendor was lost before anything was said: the answer is asked for again.';
  const error = { type: 'server_error', code: 'vendor_lost', message };
  const details = { type: status, ...(status === 'failed' ? { error } : { reason: 'vendor_lost' }) };
  const response_id = textAt(response, 'id');
  return [
    ...output.map((item, output_index) =>
      told('response.output_item.done', { response_id, output_index, item }),
    ),
    told('response.done', {
      response: { ...response, status, status_details: details, output, usage: null },
    }),
  ];
}

function told(type: string, rest: Wire): Wire {
  return { type, event_id: newId('event'), ...rest };
}
