import { readDirectives } from '../answering/directives.js';
import { countTokens, pieces } from '../answering/tokens.js';
import type { CheckedForm } from './check.js';

const WORDS_PER_SEGMENT = 5;
const AUDIO_TOKENS_PER_SECOND = 10;

export interface Timed {
  readonly text: string;
  /** Seconds. */
  readonly start: number;
  readonly end: number;
}

/** What was "heard": it depends on name, size and length of the file, or is said by a directive in the prompt. */
export function transcriptOf(
  { task, recording: { name, bytes, seconds } }: Pick<CheckedForm, 'task' | 'recording'>,
  prompt: string,
): string {
  const said = readDirectives(prompt).directives.get('say');
  return (
    said ??
    `This is the ${task === 'translate' ? 'translation' : 'transcript'} of ${name}, ${bytes} bytes, ${seconds.toFixed(2)} seconds.`
  );
}

/** The words, spread evenly over the recording. */
export function wordsOf(text: string, seconds: number): readonly Timed[] {
  return spread(
    pieces(text).map(piece => piece.trim()),
    seconds,
  );
}

export function segmentsOf(text: string, seconds: number): readonly Timed[] {
  const words = pieces(text);
  const segments: string[] = [];
  for (let from = 0; from < words.length; from += WORDS_PER_SEGMENT) {
    segments.push(
      words
        .slice(from, from + WORDS_PER_SEGMENT)
        .join('')
        .trim(),
    );
  }
  return spread(segments, seconds);
}

function spread(texts: readonly string[], seconds: number): readonly Timed[] {
  const step = seconds / Math.max(texts.length, 1);
  return texts.map((text, index) => ({ text, start: round(index * step), end: round((index + 1) * step) }));
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Whisper bills by begun seconds, the models after it by tokens. */
export type TranscriptionUsage = DurationUsage | TokenUsage;

interface DurationUsage {
  readonly type: 'duration';
  readonly seconds: number;
}

interface TokenUsage {
  readonly type: 'tokens';
  readonly input_tokens: number;
  readonly input_token_details: { readonly text_tokens: number; readonly audio_tokens: number };
  readonly output_tokens: number;
  readonly total_tokens: number;
}

interface Billed {
  readonly model: string;
  readonly seconds: number;
  readonly prompt: string;
  readonly text: string;
}

export function usageOf({ model, seconds, prompt, text }: Billed): TranscriptionUsage {
  // recordings/realtime/realtime-azure-ws-audio-in-server-vad-transcribes: `gpt-realtime-whisper` goes by the second.
  if (!model.startsWith('gpt-') || model.endsWith('whisper')) {
    return { type: 'duration', seconds: Math.ceil(seconds) };
  }
  const text_tokens = countTokens(prompt);
  const audio_tokens = Math.ceil(seconds * AUDIO_TOKENS_PER_SECOND);
  const input_tokens = text_tokens + audio_tokens;
  const output_tokens = countTokens(text);
  return {
    type: 'tokens',
    input_tokens,
    input_token_details: { text_tokens, audio_tokens },
    output_tokens,
    total_tokens: input_tokens + output_tokens,
  };
}

/** Two people talk, five words each in turn. */
export function speakerAt(word: number): number {
  return Math.floor(word / WORDS_PER_SEGMENT) % 2;
}
