import { UpstreamError } from '@app/shared';
import { meantUsage, readCount, type Usage } from '../domain/usage.js';
import { numberOr, recordOr, recordsOf, stringOr, type Wire } from '../domain/wire.js';
import type { Segment, Span, Transcript, Word } from './transcript.js';

/** As OpenAI's endpoint and its like answer: `json`, `verbose_json` or `diarized_json`. @throws UpstreamError when the body is no transcription */
export function readTranscription(body: unknown, vendor: string): Transcript {
  const fields = recordOr(body);
  const text = stringOr(fields['text'], null);
  if (text === null) {
    throw noTranscription(vendor);
  }
  const { segments, words } = fields;
  const seconds = count(fields['duration']);
  return {
    text,
    language: stringOr(fields['language'], null),
    seconds: seconds !== undefined && seconds >= 0 ? seconds : null,
    segments: Array.isArray(segments) ? recordsOf(segments).flatMap(readSegment) : null,
    words: Array.isArray(words) ? recordsOf(words).flatMap(readWord) : null,
    usage: readTranscriptionUsage(fields),
  };
}

/** A 200 that is none. */
export function noTranscription(vendor: string): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: null,
    code: 'malformed_answer',
    message: `The vendor '${vendor}' answered something that is no transcription.`,
  });
}

/**
 * Billed by tokens (`gpt-4o-transcribe`) or by seconds (`whisper-1`; Mistral as `prompt_audio_seconds`); older servers tell only the
 * `duration`.
 * Source: `TranscriptionCreateResponse.usage` of the openai SDK.
 */
export function readTranscriptionUsage(fields: Wire): Usage | null {
  const usage = recordOr(fields['usage']);
  if (usage['type'] === 'tokens' || typeof usage['input_tokens'] === 'number') {
    const details = recordOr(usage['input_token_details']);
    return meantUsage({
      inputTokens: count(usage['input_tokens']) ?? 0,
      outputTokens: count(usage['output_tokens']) ?? 0,
      ...optional('audioInputTokens', numberOr(details['audio_tokens'], undefined)),
    });
  }
  const seconds =
    count(usage['seconds']) ?? count(usage['prompt_audio_seconds']) ?? count(fields['duration']);
  return seconds === undefined
    ? null
    : meantUsage({ inputTokens: 0, outputTokens: 0, audioSeconds: seconds });
}

function readSegment(fields: Wire): Segment[] {
  const { text } = fields;
  const span = readSpan(fields, fields['speaker']);
  return span && typeof text === 'string' ? [{ ...span, text }] : [];
}

function readWord(fields: Wire): Word[] {
  const { word } = fields;
  const span = readSpan(fields, fields['speaker']);
  return span && typeof word === 'string' ? [{ ...span, word }] : [];
}

/** How long a recording is, of a vendor that bills by that. */
export function readLength(value: unknown): Pick<Transcript, 'seconds' | 'usage'> {
  const seconds = readCount(value) ?? NaN;
  return seconds >= 0
    ? { seconds, usage: { inputTokens: 0, outputTokens: 0, audioSeconds: seconds } }
    : { seconds: null, usage: null };
}

/** Null when it has no times. @param speaker as the vendor names one, if it does */
export function readSpan({ start, end }: Wire, speaker: unknown): Span | null {
  if (typeof start !== 'number' || typeof end !== 'number') {
    return null;
  }
  const isNamed = typeof speaker === 'string' || typeof speaker === 'number';
  return { start, end, ...(isNamed && { speaker: String(speaker) }) };
}

function count(value: unknown): number | undefined {
  return readCount(typeof value === 'string' && value !== '' ? Number(value) : value); // older servers send "8.47"
}

function optional<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, number>);
}
