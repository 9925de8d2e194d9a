import { estimateTokens, type LiveDialect, type Usage } from '@app/dialects';

/** 24 kHz of 16 bits. */
const USUAL_BYTES_PER_SECOND = 48_000;

export type InputUsage = Pick<Usage, 'inputTokens'> & { readonly audioInputTokens: number };
type Rates = LiveDialect['tokensPerSecond'];

/** What the next answer reads, as far as it can be known before its vendor tells: the last one, and what was said since. In tokens. */
export class LiveContext {
  /** Bytes of a second of sound, as the session has them. */
  heardBytesPerSecond = USUAL_BYTES_PER_SECOND;
  spokenBytesPerSecond = USUAL_BYTES_PER_SECOND;
  private textTokens = 0;
  private audioTokens = 0;
  private characters = 0;
  /** Of sound that is in no speech yet. */
  private seconds = 0;
  /** Its vendor tells which sound it takes: the rest is read by nobody. */
  private areSpeechesTold = false;
  private speechBeganAt: number | null = null;
  private speechSeconds: number | null = null;

  /** @param rates of the vendor */
  constructor(readonly rates: Rates) {}

  /** The same conversation, at another connection. */
  take({ textTokens, audioTokens, characters, seconds }: LiveContext): void {
    Object.assign(this, { textTokens, audioTokens, characters, seconds });
  }

  get usage(): InputUsage {
    const unread = this.areSpeechesTold ? 0 : this.seconds * this.rates.heard;
    const audioInputTokens = Math.ceil(this.audioTokens + unread);
    return {
      inputTokens: Math.ceil(this.textTokens) + estimateTokens(this.characters) + audioInputTokens,
      audioInputTokens,
    };
  }

  noteWords(characters: number): void {
    this.characters += characters;
  }

  noteSound(seconds: number): void {
    this.seconds += seconds;
  }

  /** @param atMs of the session's sound; null: nobody told */
  speechBegan(atMs: number | null): void {
    this.speechBeganAt = atMs;
  }

  speechEnded(atMs: number | null): void {
    const { speechBeganAt } = this;
    this.speechSeconds = atMs === null || speechBeganAt === null ? null : (atMs - speechBeganAt) / 1000;
  }

  /** A speech is part of the conversation. @returns its length in seconds */
  committed(): number {
    const seconds = Math.max(this.speechSeconds ?? this.seconds, 0);
    this.audioTokens += seconds * this.rates.heard;
    this.areSpeechesTold = true;
    this.cleared();
    return seconds;
  }

  /** What is in no speech never will be. */
  cleared(): void {
    this.seconds = 0;
    this.speechBeganAt = null;
    this.speechSeconds = null;
  }

  /** What an answer used, all of which the next one reads again. */
  answered({ inputTokens, audioInputTokens = 0, outputTokens, audioOutputTokens = 0 }: Usage): void {
    const { heard, spoken } = this.rates;
    this.textTokens = inputTokens - audioInputTokens + outputTokens - audioOutputTokens;
    this.audioTokens = audioInputTokens + (audioOutputTokens * heard) / spoken;
    this.characters = 0;
    this.seconds = this.areSpeechesTold ? this.seconds : 0;
  }
}

/** What an answer used of which so much was heard. */
export function answerUsage(
  input: InputUsage,
  { characters, seconds }: { readonly characters: number; readonly seconds: number },
  { spoken }: Rates,
): Usage {
  const audioOutputTokens = Math.ceil(seconds * spoken);
  const outputTokens = estimateTokens(characters) + audioOutputTokens;
  return { ...input, outputTokens, audioOutputTokens, estimated: true };
}
