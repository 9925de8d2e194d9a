import type { JsonObject } from '../json.js';
import { asList, asText } from '../json.js';
import type { CheckedForm } from './check.js';
import type { Timed, TranscriptionUsage } from './transcript.js';
import { segmentsOf, wordsOf } from './transcript.js';

interface Rendered {
  readonly type: string;
  readonly body: string;
}

/** Puts a transcript into the format that was asked for; without usage when the vendor is to forget it. */
export function render(
  form: CheckedForm,
  fields: JsonObject,
  { text, usage }: { readonly text: string; readonly usage: TranscriptionUsage | undefined },
): Rendered {
  const { seconds } = form.recording;
  const segments = segmentsOf(text, seconds);
  switch (form.format) {
    case 'text':
      return plain(`${text}\n`);
    case 'srt':
      return plain(
        segments.map((each, index) => `${index + 1}\n${span(each, ',')}\n${each.text}\n`).join('\n'),
      );
    case 'vtt':
      return plain(`WEBVTT\n\n${segments.map(each => `${span(each, '.')}\n${each.text}\n`).join('\n')}`);
    case 'verbose_json':
      return json({ ...verbose(text, form, fields), usage });
    case 'diarized_json': {
      const spoken = segments.map((each, index) => ({
        id: `seg_${index}`,
        type: 'transcript.text.segment',
        ...each,
        speaker: index % 2 === 0 ? 'A' : 'B',
      }));
      return json({ task: 'transcribe', duration: seconds, text, segments: spoken, usage });
    }
    default:
      return json({ text, usage });
  }
}

function verbose(text: string, { task, recording: { seconds } }: CheckedForm, fields: JsonObject) {
  const granularities = asList(fields.timestamp_granularities);
  const withSegments = granularities.length === 0 || granularities.includes('segment');
  const segments = segmentsOf(text, seconds).map((each, id) => ({
    id,
    seek: 0,
    ...each,
    tokens: [id],
    temperature: Number(fields.temperature ?? 0),
    avg_logprob: -0.1,
    compression_ratio: 1,
    no_speech_prob: 0.01,
  }));
  const words = wordsOf(text, seconds).map(({ text: word, start, end }) => ({ word, start, end }));
  return {
    task,
    language: (task === 'transcribe' && asText(fields.language)) || 'english',
    duration: seconds,
    text,
    ...(withSegments ? { segments } : {}),
    ...(granularities.includes('word') ? { words } : {}),
  };
}

function json(body: object): Rendered {
  return { type: 'application/json', body: JSON.stringify(body) };
}

function plain(body: string): Rendered {
  return { type: 'text/plain; charset=utf-8', body };
}

function span({ start, end }: Timed, point: string): string {
  return `${clock(start, point)} --> ${clock(end, point)}`;
}

function clock(seconds: number, point: string): string {
  const milliseconds = Math.round(seconds * 1000);
  const time = [milliseconds / 3_600_000, (milliseconds / 60_000) % 60, (milliseconds / 1000) % 60]
    .map(twoDigits)
    .join(':');
  return `${time}${point}${String(milliseconds % 1000).padStart(3, '0')}`;
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
