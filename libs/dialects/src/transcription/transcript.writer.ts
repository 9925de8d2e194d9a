import { costMember, type LlmHub } from '../domain/llmhub.js';
import type { Usage } from '../domain/usage.js';
import { type Wire, withoutUndefined } from '../domain/wire.js';
import { segmentsOf } from './segments.js';
import type { Segment, Transcript, TranscriptFormat } from './transcript.js';

/** How a caller wants a transcript that is written as JSON. */
export interface TranscriptShape {
  readonly format: TranscriptFormat;
  /** Of `verbose_json`. */
  readonly granularities: readonly ('word' | 'segment')[];
  readonly isTranslation: boolean;
}

/**
 * As OpenAI's endpoint answers: `json`, `verbose_json` or `diarized_json`. What no vendor but OpenAI has (`seek`, `avg_logprob`) is left out.
 *
 * @param llmhub null where the project wants none
 */
export function writeTranscript(
  transcript: Transcript,
  { format, granularities, isTranslation }: TranscriptShape,
  llmhub: LlmHub | null,
): Wire {
  const { text, language, seconds, words } = transcript;
  const told = { usage: writeUsage(transcript.usage, llmhub), x_llmhub: llmhub ?? undefined };
  const task = isTranslation ? 'translate' : 'transcribe';
  const duration = seconds ?? undefined;
  const segments = segmentsOf(transcript) ?? [];
  switch (format) {
    case 'verbose_json':
      return withoutUndefined({
        task,
        language: language ?? undefined,
        duration,
        text,
        segments:
          granularities.length === 0 || granularities.includes('segment')
            ? segments.map(({ start, end, text: said }, id) => ({ id, start, end, text: said }))
            : undefined,
        words: granularities.includes('word')
          ? (words ?? []).map(({ word, start, end }) => ({ word, start, end }))
          : undefined,
        ...told,
      });
    case 'diarized_json':
      return withoutUndefined({ task, duration, text, segments: spoken(segments), ...told });
    default:
      return withoutUndefined({ text, ...told });
  }
}

/** As OpenAI's endpoint streams it: who speaks when, where that was asked for, all of the text, and the end. */
export function writeTranscriptEvents(
  transcript: Transcript,
  format: TranscriptFormat,
  llmhub: LlmHub | null,
): string {
  const { text, usage } = transcript;
  const segments = format === 'diarized_json' ? spoken(segmentsOf(transcript) ?? []) : [];
  return (
    segments.map(writeEvent).join('') +
    writeTranscriptDelta(text) +
    writeTranscriptDone({ text, usage }, llmhub)
  );
}

/** A piece of the text. */
export function writeTranscriptDelta(delta: string): string {
  return writeEvent({ type: 'transcript.text.delta', delta });
}

/** The end of such a stream. */
export function writeTranscriptDone(
  { text, usage }: Pick<Transcript, 'text' | 'usage'>,
  llmhub: LlmHub | null,
): string {
  const told = { usage: writeUsage(usage, llmhub), x_llmhub: llmhub ?? undefined };
  return writeEvent(withoutUndefined({ type: 'transcript.text.done', text, ...told }));
}

function writeEvent(event: object): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

/** OpenAI calls them A, B, …, in the order in which they first speak. */
function spoken(segments: readonly Segment[]) {
  const speakers = [...new Set(segments.map(({ speaker }) => speaker))];
  return segments.map(({ start, end, text, speaker }, at) => ({
    type: 'transcript.text.segment',
    id: `seg_${at}`,
    start,
    end,
    text,
    speaker: letters(speakers.indexOf(speaker)),
  }));
}

function letters(index: number): string {
  const letter = String.fromCharCode('A'.charCodeAt(0) + (index % 26));
  return index < 26 ? letter : letters(Math.floor(index / 26) - 1) + letter;
}

/** Undefined when nobody knows it. */
function writeUsage(usage: Usage | null, llmhub: LlmHub | null): Wire | undefined {
  return usage ? writeTranscriptionUsage(usage, llmhub) : undefined;
}

/** By tokens, or by time. @param llmhub null: the cost is told as the vendor told it */
export function writeTranscriptionUsage(usage: Usage, llmhub: LlmHub | null): Wire {
  const { inputTokens, outputTokens, audioInputTokens = 0, audioSeconds, estimated } = usage;
  const isByTime = audioSeconds !== undefined && (estimated === true || inputTokens + outputTokens === 0);
  return {
    ...(isByTime
      ? { type: 'duration', seconds: audioSeconds }
      : {
          type: 'tokens',
          input_tokens: inputTokens,
          input_token_details: {
            audio_tokens: audioInputTokens,
            text_tokens: inputTokens - audioInputTokens,
          },
          output_tokens: outputTokens,
          total_tokens: inputTokens + outputTokens,
        }),
    ...costMember(usage, llmhub),
  };
}
