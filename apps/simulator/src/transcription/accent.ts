import type { Fault } from '../faults.js';
import type { Exchange } from '../http/exchange.js';
import type { JsonObject } from '../json.js';
import type { Refusal } from '../refusal.js';
import type { Traffic } from '../traffic.js';
import type { Recording } from './recording.js';
import type { StreamedWords } from './stream-words.js';

/** What a vendor was asked to listen to. */
export interface Heard {
  readonly model: string;
  readonly recording: Recording;
  readonly isDiarized: boolean;
  /** By wire name; of a query, its last value. */
  readonly fields: JsonObject;
  /** Words that help the model, and directives. */
  readonly hint: string;
}

/** A vendor whose endpoint for transcriptions is not OpenAI's. */
export interface Accent {
  readonly vendor: string;
  /** @throws Refusal for a request that the vendor would refuse */
  read(exchange: Exchange, traffic: Traffic): Promise<Heard>;
  answer(heard: Heard, text: string, fault: Fault): object;
  /** Of an accent that streams, where it is asked to; null: the answer is whole. */
  events?(heard: Heard, text: string, fault: Fault): Pick<StreamedWords, 'opening' | 'delta' | 'done'> | null;
  errorBody(refusal: Refusal): unknown;
}
