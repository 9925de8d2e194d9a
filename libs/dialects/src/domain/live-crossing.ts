import type { ToolSettings } from './conversation.js';
import type { Target } from './dialect.js';
import type { Loss, Losses } from './losses.js';
import type { MediaPart, TextPart } from './part.js';
import type { Usage } from './usage.js';
import type { Wire } from './wire.js';

/** PCM of 16 bits, little-endian, one channel. */
export interface Sound {
  readonly pcm: Buffer;
  /** Samples of a second. */
  readonly rate: number;
}

/** How an answer ended. */
export type LiveEnd = 'completed' | 'interrupted' | 'failed';

/** What holds in a session until it is said anew. */
export interface LiveSettings {
  /** Empty: there are none. */
  readonly instructions: string;
  /** Answers are spoken; else they are written. */
  readonly isSpoken: boolean;
  /** As the caller's protocol calls it; not said: the vendor's own choice. */
  readonly voice?: string;
  readonly tools: ToolSettings;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  /** The caller's speech is written down for it. */
  readonly hearsWords: boolean;
  /** The model that does, as the caller called it; absent: whichever the other side takes. */
  readonly transcriber?: string;
  /** Language of the caller's speech (ISO 639-1), where it said that. */
  readonly language?: string;
  /** What helps to write it down right: names, the topic, what was said before. */
  readonly hint?: string;
  /** The words of spoken answers are told beside them. */
  readonly tellsWords: boolean;
  /** How the vendor finds out when the caller speaks; null: the caller says so itself. */
  readonly activity: LiveActivity | null;
}

/** What a caller may say of both durations of its speech. */
export const LONGEST_ACTIVITY_MS = 60_000;

export interface LiveActivity {
  /** Milliseconds of silence that end a speech. */
  readonly silenceMs?: number;
  /** Milliseconds before a speech's first sound that belong to it. */
  readonly prefixMs?: number;
  /** Whoever speaks up breaks off the answer. */
  readonly interrupts: boolean;
  /** A speech that has ended is answered without being asked for. */
  readonly answers: boolean;
}

/** Whoever says nothing is spoken to, and heard. */
export const USUAL_LIVE_SETTINGS: LiveSettings = {
  instructions: '',
  isSpoken: true,
  tools: { list: [] },
  hearsWords: false,
  tellsWords: true,
  activity: { interrupts: true, answers: true },
};

/** Something of the conversation that is not being spoken now. */
export type LiveItem =
  | {
      readonly kind: 'message';
      readonly role: 'user' | 'assistant' | 'system';
      readonly parts: readonly (TextPart | MediaPart)[];
    }
  /** A call of a tool in an earlier conversation. */
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly kind: 'result'; readonly callId: string; readonly output: string };

/** What a caller wants, in no protocol's words. */
export type LiveAct =
  | { readonly kind: 'settle'; readonly settings: LiveSettings }
  | { readonly kind: 'sound'; readonly sound: Sound }
  /** Where a caller that says so itself begins to speak, and has spoken: no answer is asked for by that. */
  | { readonly kind: 'speech'; readonly edge: 'begun' | 'ended' }
  /** The sound of a speech that has not ended is to be forgotten. */
  | { readonly kind: 'unsay' }
  | { readonly kind: 'item'; readonly item: LiveItem }
  /** @param instructions for this one answer */
  | { readonly kind: 'answer'; readonly instructions?: string }
  /** The answer is to be broken off. */
  | { readonly kind: 'break' };

export interface LiveCall {
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

/** What a session says to its caller, in no protocol's words. One answer follows another. */
export type LiveEvent =
  /** The settings hold. */
  | { readonly kind: 'ready' }
  /** The caller was heard to speak, or to have spoken. @param atMs of all its sound, in milliseconds; absent: now */
  | { readonly kind: 'speech'; readonly edge: 'begun' | 'ended'; readonly atMs?: number }
  /** A piece of what the caller said, written down. @param isWhole no more of that speech comes */
  | { readonly kind: 'heard'; readonly text: string; readonly isWhole?: boolean }
  /** A speech of the caller could not be written down; the session goes on. @param type as of `refused` */
  | {
      readonly kind: 'unheard';
      readonly message: string;
      readonly code: string | null;
      readonly type?: string;
    }
  /** A piece of a written answer; of the words of a spoken one. */
  | { readonly kind: 'text' | 'words'; readonly text: string }
  | { readonly kind: 'sound'; readonly sound: Sound }
  | { readonly kind: 'call'; readonly call: LiveCall }
  /** These calls are not waited for any more. */
  | { readonly kind: 'withdrawn'; readonly ids: readonly string[] }
  /** The caller spoke up, or sent something: the answer breaks off here. */
  | { readonly kind: 'interrupted' }
  /** The answer has been said, though it may not be over yet. */
  | { readonly kind: 'said' }
  /**
   * @param usage null: not told, or not yet: the answer goes on when its calls have results
   * @param message why it failed; null: it did not
   * @param code of that; absent: nobody knows
   */
  | {
      readonly kind: 'over';
      readonly end: LiveEnd;
      readonly usage: Usage | null;
      readonly awaitsResults: boolean;
      readonly message: string | null;
      readonly code?: string | null;
    }
  /** The vendor did not take something; the session goes on. @param type of the error; absent: the request is wrong */
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly code: string | null;
      readonly type?: string;
    };

/** What a session of two protocols is about. */
export interface CrossingParts {
  /** As the caller called it. */
  readonly model: string;
  readonly target: Target;
  readonly sessionId: string;
  /** The other side tells of each speech, in their order, once what was said (`isWhole`), or that nobody knows (`unheard`). */
  readonly tellsWholeSpeeches: boolean;
  /** Whether the caller may use another model of the vendor's. */
  allows(model: string): boolean;
  /** Where each side notes what the other one cannot be told. */
  readonly losses: Losses;
}

/** What a message of a caller meant. */
export interface CallerSaid {
  readonly acts: readonly LiveAct[];
  /** What the caller is told at once. */
  readonly replies: readonly Wire[];
}

/** What a message of a vendor meant. */
export interface VendorSaid {
  readonly events: readonly LiveEvent[];
  /** What the vendor is told at once. */
  readonly replies: readonly Wire[];
}

/** Plays the vendor for a caller of another protocol, through one session. */
export interface LiveCallerSide {
  /** What the caller is told before it has said anything. */
  greet(): readonly Wire[];
  /** @throws GatewayError (400) for what is no message of the protocol */
  read(message: Wire): CallerSaid;
  /** The vendor cannot be told what was read last, which is as if it had not been said. Absent: reading leaves nothing behind. */
  takeBack?(): void;
  write(event: LiveEvent): readonly Wire[];
  /** Tells what the vendor could not be told. */
  writeLosses(losses: readonly Loss[]): Wire;
}

/** Plays the caller for a vendor of another protocol, through one session. */
export interface LiveVendorSide {
  /** What was written, and its vendor was not told yet. */
  readonly unsaid: readonly LiveAct[];
  write(act: LiveAct): readonly Wire[];
  read(message: Wire): VendorSaid;
}
