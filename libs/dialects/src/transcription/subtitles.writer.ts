import type { Segment } from './transcript.js';

/** SubRip: numbered cues, `00:00:01,500 --> 00:00:03,000`. */
export function writeSrt(segments: readonly Segment[]): string {
  return segments
    .map((segment, index) => `${index + 1}\n${span(segment, ',')}\n${segment.text.trim()}\n\n`)
    .join('');
}

/** WebVTT. Source: https://www.w3.org/TR/webvtt1/ */
export function writeVtt(segments: readonly Segment[]): string {
  const cues = segments.map(segment => `${span(segment, '.')}\n${cueText(segment.text)}\n\n`);
  return `WEBVTT\n\n${cues.join('')}`;
}

/** An arrow inside the text would end the cue's header for a player. */
function cueText(text: string): string {
  return text.trim().replaceAll('-->', '->');
}

function span({ start, end }: Segment, point: string): string {
  return `${clock(start, point)} --> ${clock(end, point)}`;
}

function clock(seconds: number, point: string): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const hours = two(ms / 3_600_000);
  const minutes = two((ms / 60_000) % 60);
  const rest = two((ms / 1000) % 60);
  return `${hours}:${minutes}:${rest}${point}${String(ms % 1000).padStart(3, '0')}`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
