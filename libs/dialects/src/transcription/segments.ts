import type { Segment, Transcript, Word } from './transcript.js';

/** What a reader takes in at once: https://www.w3.org/TR/webvtt1/ leaves it open, broadcasters take two lines and seven seconds. */
const MOST_CHARACTERS = 84;
const MOST_SECONDS = 7;
/** Whoever is silent so long begins anew. */
const PAUSE_SECONDS = 1;
const END_OF_SENTENCE = /[.!?…。！？]["'”’)]*$/;

/** The transcript in pieces with their times, made of its words where the vendor gave no others; null when it gave no times at all. */
export function segmentsOf({ segments, words }: Transcript): readonly Segment[] | null {
  return segments ?? (words && groupWords(words));
}

/** By speakers, sentences and pauses, and never longer than a subtitle may be. */
export function groupWords(words: readonly Word[]): Segment[] {
  const groups: Word[][] = [];
  let length = 0;
  words.forEach((word, at) => {
    const last = words[at - 1];
    const group = groups.at(-1);
    length += word.word.length + 1;
    if (!last || !group || isApart(last, word) || isFull(group, word, length)) {
      groups.push([word]);
      length = word.word.length;
    } else {
      group.push(word);
    }
  });
  return groups.map(toSegment);
}

function isApart(last: Word, next: Word): boolean {
  return (
    last.speaker !== next.speaker || END_OF_SENTENCE.test(last.word) || next.start - last.end > PAUSE_SECONDS
  );
}

function isFull([first]: readonly Word[], next: Word, length: number): boolean {
  return length > MOST_CHARACTERS || (first !== undefined && next.end - first.start > MOST_SECONDS);
}

function toSegment(words: readonly Word[]): Segment {
  const first = words[0];
  const last = words.at(-1);
  return {
    start: first?.start ?? 0,
    end: last?.end ?? 0,
    text: words
      .map(({ word, gap = ' ' }) => word + gap)
      .join('')
      .trim(),
    ...(first?.speaker !== undefined && { speaker: first.speaker }),
  };
}
