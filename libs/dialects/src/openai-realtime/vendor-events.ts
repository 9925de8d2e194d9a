import type { LiveEnd } from '../domain/live-crossing.js';
import type { LiveNews } from '../domain/live.js';
import { meantUsage, type Usage } from '../domain/usage.js';
import {
  isObject,
  numberOr,
  objectAt,
  stringOr,
  textAt,
  type Wire,
  withoutUndefined,
} from '../domain/wire.js';
import { readTokenUsage } from '../openai-responses/usage.js';
import { readTranscriptionUsage } from '../transcription/openai.reader.js';
import { decodedBytes } from '../sound/base64.js';

const ENDS: Readonly<Record<string, LiveEnd>> = { cancelled: 'interrupted', failed: 'failed' };
const NOTHING: readonly LiveNews[] = [];
const EMPTY_COMMIT = 'input_audio_buffer_commit_empty';

/** PROTOCOLS 1.10. Names of the beta, which Azure's Voice Live still has, end like those of today. */
export function readVendorEvent(event: Wire): readonly LiveNews[] {
  const type = textAt(event, 'type');
  switch (type) {
    case 'session.created':
    case 'session.updated':
    case 'transcription_session.created':
    case 'transcription_session.updated':
      return [settled(objectAt(event, 'session') ?? {})];
    case 'input_audio_buffer.speech_started':
      return [{ kind: 'speaking', atMs: numberOr(event['audio_start_ms'], null) }];
    case 'input_audio_buffer.speech_stopped':
      return [{ kind: 'asked', atMs: numberOr(event['audio_end_ms'], null) }];
    case 'input_audio_buffer.cleared':
      return [{ kind: 'cleared' }];
    case 'response.created':
      return [{ kind: 'begun', answer: answerOf(event) }];
    case 'response.output_audio.delta':
    case 'response.audio.delta':
      return [{ kind: 'sounded', answer: answerOf(event), bytes: soundIn(event), bytesPerSecond: null }];
    case 'response.function_call_arguments.done':
      return [{ kind: 'told', answer: answerOf(event), characters: 0 }]; // some have no deltas of them
    case 'response.done':
      return [over(event)];
    case 'input_audio_buffer.committed':
      return [{ kind: 'committed', item: textAt(event, 'item_id') }];
    case 'conversation.item.input_audio_transcription.failed':
      return [{ kind: 'unwritten', item: textAt(event, 'item_id'), code: codeOf(event) }];
    case 'error':
      return codeOf(event) === EMPTY_COMMIT ? [{ kind: 'uncommitted' }] : NOTHING;
    case 'conversation.item.input_audio_transcription.completed':
      return [{ kind: 'transcribed', item: textAt(event, 'item_id'), usage: readTranscriptionUsage(event) }];
    default:
      return type.startsWith('response.') && type.endsWith('.delta')
        ? [{ kind: 'told', answer: answerOf(event), characters: textAt(event, 'delta').length }]
        : NOTHING;
  }
}

function settled(session: Wire): LiveNews {
  const audio = objectAt(session, 'audio') ?? {};
  const [input = {}, output = {}] = [objectAt(audio, 'input'), objectAt(audio, 'output')];
  const transcription = objectAt(input, 'transcription') ?? objectAt(session, 'input_audio_transcription');
  return {
    kind: 'settled',
    sessionId: stringOr(session['id'], null),
    transcriber: stringOr(transcription?.['model'], null),
    heard: bytesPerSecond(input['format'] ?? session['input_audio_format']),
    spoken: bytesPerSecond(output['format'] ?? session['output_audio_format']),
  };
}

/** @param format as today, or as in the beta */
function bytesPerSecond(format: unknown): number | null {
  const type = typeof format === 'string' ? format : isObject(format) && textAt(format, 'type');
  if (!type) {
    return null;
  }
  return /g711|pcm[ua]/.test(type) ? 8000 : 2 * numberOr(isObject(format) ? format['rate'] : null, 24_000);
}

function soundIn(event: Wire): number {
  return decodedBytes(textAt(event, 'delta').length);
}

function over(event: Wire): LiveNews {
  const response = objectAt(event, 'response') ?? {};
  const { status } = response;
  const details = objectAt(response, 'status_details') ?? {};
  const code = textAt(objectAt(details, 'error') ?? {}, 'code') || textAt(details, 'reason');
  return {
    kind: 'over',
    answer: answerOf(event),
    usage: usageIn(objectAt(response, 'usage')) ?? usageIn(objectAt(event, 'usage')), // xAI has it beside the response
    end: ENDS[stringOr(status, '')] ?? 'completed',
    code: code === '' ? null : code,
  };
}

/** xAI bills by the seconds that it spoke. */
function usageIn(usage: Wire = {}): Usage | null {
  const counts = readTokenUsage(usage);
  const audioSeconds = numberOr(usage['billable_audio_seconds'], undefined);
  return counts && meantUsage(withoutUndefined<Usage>({ ...counts, audioSeconds }));
}

function codeOf(event: Wire): string | null {
  return stringOr((objectAt(event, 'error') ?? {})['code'], null);
}

function answerOf(event: Wire): string {
  const { id } = objectAt(event, 'response') ?? {};
  return stringOr(id, textAt(event, 'response_id'));
}
