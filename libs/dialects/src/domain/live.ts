import type { GatewayError } from '@app/shared';
import type { CrossingParts, LiveCallerSide, LiveEnd, LiveVendorSide } from './live-crossing.js';
import type { LiveMemory, LiveResumed } from './live-memory.js';
import type { Usage } from './usage.js';
import type { Wire } from './wire.js';

/** What a message of a vendor says of the session: who is to pay for what, and how long somebody waits for it. */
export type LiveNews =
  /**
   * @param transcriber the model that writes down what the caller says; null: none does
   * @param heard bytes of a second of sound that the caller sends, @param spoken and of that of answers; null: not told
   */
  | {
      readonly kind: 'settled';
      readonly sessionId: string | null;
      readonly transcriber: string | null;
      readonly heard: number | null;
      readonly spoken: number | null;
    }
  /** From here on an answer is waited for. @param atMs the caller has spoken until then; as the next one */
  | { readonly kind: 'asked'; readonly atMs: number | null }
  /** The caller has begun to speak. @param atMs of the session's sound; null: not told */
  | { readonly kind: 'speaking'; readonly atMs: number | null }
  /** What the caller has said last is forgotten. */
  | { readonly kind: 'cleared' }
  /** An answer begins, or is broken in on; `answer` is its id. */
  | { readonly kind: 'begun' | 'interrupted'; readonly answer: string }
  /** It goes on, in words. */
  | { readonly kind: 'told'; readonly answer: string; readonly characters: number }
  /** In sound. @param bytesPerSecond null: as the session was settled */
  | {
      readonly kind: 'sounded';
      readonly answer: string;
      readonly bytes: number;
      readonly bytesPerSecond: number | null;
    }
  /** What an answer has used so far. */
  | { readonly kind: 'spent'; readonly answer: string; readonly usage: Usage }
  /** It is over; null: its usage is not told, or was told before. */
  | {
      readonly kind: 'over';
      readonly answer: string;
      readonly usage: Usage | null;
      readonly end: LiveEnd;
      readonly code: string | null;
    }
  /** The caller's speech is over, and will be written down where somebody does that. */
  | { readonly kind: 'committed'; readonly item: string }
  /** The caller has ended a speech that was none. */
  | { readonly kind: 'uncommitted' }
  /** It could not be written down. */
  | { readonly kind: 'unwritten'; readonly item: string; readonly code: string | null }
  /** The caller's speech was written down by another model, which is billed besides. */
  | { readonly kind: 'transcribed'; readonly item: string; readonly usage: Usage | null };

/** A vendor fails to answer, or says why it does not take something. */
export interface LiveFailure {
  readonly message: string;
  readonly type: string | null;
  readonly code: string | null;
  /** As HTTP has it for who is at fault. */
  readonly status: number;
}

/** What a session may name, and what its vendor calls it. */
export interface LiveNames {
  /** The vendor's name of the session's own model. @throws GatewayError (400) for another one */
  own(model: string): string;
  /** The vendor's name of a model that is asked besides. @throws GatewayError (403) */
  other(model: string): string;
  /** The vendor's handle of the session that the caller takes up again. @throws GatewayError (400) for another project's */
  handle(shown: string): string;
  /** A vendor's handle as its caller is to keep it. */
  shown(handle: string): string;
}

const HEAD_BYTES = 256;

/** Whether a frame begins like that. */
export function beginsLike(frame: Buffer, pattern: RegExp): boolean {
  return pattern.test(frame.subarray(0, HEAD_BYTES).toString('latin1'));
}

/** A protocol of sessions in which both sides say when they like, in JSON over a WebSocket. Pure: it remembers nothing. */
export interface LiveDialect {
  readonly id: 'openai-realtime' | 'gemini-live';
  /** Its JSON goes in binary frames. */
  readonly isBinary: boolean;
  /** The vendor speaks first: until it has, another one can be asked. */
  readonly isGreeted: boolean;
  /** Where it is below a vendor's base URL. @param model the vendor's name of it; null where that does not say it */
  path(model: string | null): string;
  /** Whether a frame, of whichever side, is one of many that say nothing but sound. What is not sure is none. */
  isOnlySound(frame: Buffer): boolean;
  /** Tokens of a second of sound that a vendor hears, and that it makes. */
  readonly tokensPerSecond: { readonly heard: number; readonly spoken: number };
  /** Of a caller's frame of nothing but sound. @param bytesPerSecond of sound, where the frame does not tell */
  heardSeconds(frame: Buffer, bytesPerSecond: number): number;
  /** Whether a frame of a caller may say what the gateway has to know. */
  isWorthReading(frame: Buffer): boolean;
  readVendor(message: Wire): readonly LiveNews[];
  /** What a vendor's message says of a failure; null: it tells none. */
  failureIn(message: Wire): LiveFailure | null;
  /**
   * A caller's message as its vendor is to get it; the same where nothing is to be changed.
   *
   * @throws GatewayError (400, 403) for what the vendor is not to be asked
   */
  admit(message: Wire, names: LiveNames): Wire;
  /** A vendor's message as its caller is to get it; the same where nothing is to be changed. */
  show(message: Wire, names: LiveNames): Wire;
  /** Whether an answer is wanted from then on. */
  asksForAnswer(message: Wire): boolean;
  /** Whether its caller has spoken to an end, and may have that written down. */
  endsSpeech(message: Wire): boolean;
  /** Whether its caller breaks in on an answer. */
  speaksUp(message: Wire): boolean;
  /** What ends an answer that nobody waits for, so that its vendor tells what it used; null: there is no such message. */
  readonly cancel: string | null;
  /** For a caller who speaks it, when its vendor does not. */
  callerSide(parts: CrossingParts): LiveCallerSide;
  /** For a vendor who speaks it, when its caller does not. */
  vendorSide(parts: CrossingParts): LiveVendorSide;
  /** Of one session whose vendor speaks it. */
  memory(): LiveMemory;
  /** Tells a caller that its session was opened again. */
  writeResumed(resumed: LiveResumed): Wire;
  /** An event that tells it, and that nothing has ended; null where the protocol has none. */
  writeError(error: GatewayError): string | null;
  /** Tells a caller whose session has begun why it is closed now. */
  writeEnd(error: GatewayError): string;
}
