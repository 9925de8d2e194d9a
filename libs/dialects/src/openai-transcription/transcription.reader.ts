import { UpstreamError } from '@app/shared';
import { meantUsage, readCount, type Usage } from '../domain/usage.js';
import { isObject, numberOr, recordOr } from '../domain/wire.js';

/** A transcription as OpenAI's `json` and `verbose_json` have it. */
export interface Transcription {
  readonly text: string;
  /** Null when the vendor gave no timestamps. */
  readonly segments: readonly Segment[] | null;
  /** Null when the vendor told neither tokens nor duration. */
  readonly usage: Usage | null;
}

export interface Segment {
  /** Seconds from the start. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @throws UpstreamError when the body is no transcription */
export function readTranscription(body: unknown, vendor: string): Transcription {
  const fields = recordOr(body);
  if (typeof fields['text'] !== 'string') {
    throw new UpstreamError({
      vendor,
      upstreamStatus: null,
      code: 'malformed_answer',
      message: `The vendor '${vendor}' answered something that is no transcription.`,
    });
  }
  return {
    text: fields['text'],
    segments: Array.isArray(fields['segments']) ? fields['segments'].filter(isSegment) : null,
    usage: readTranscriptionUsage(fields),
  };
}

/**
 * Billed by tokens (`gpt-4o-transcribe`) or by seconds (`whisper-1`; Mistral as `prompt_audio_seconds`); older servers tell only the
 * `duration`.
 * Source: `TranscriptionCreateResponse.usage` of the openai SDK.
 */
export function readTranscriptionUsage(fields: Readonly<Record<string, unknown>>): Usage | null {
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

function isSegment(value: unknown): value is Segment {
  return (
    isObject(value) &&
    typeof value['start'] === 'number' &&
    typeof value['end'] === 'number' &&
    typeof value['text'] === 'string'
  );
}

function count(value: unknown): number | undefined {
  return readCount(typeof value === 'string' && value !== '' ? Number(value) : value); // older servers send "8.47"
}

function optional<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, number>);
}
