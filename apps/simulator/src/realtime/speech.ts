import { BYTES_PER_SAMPLE, MS_PER_CHARACTER, SPOKEN_RATE } from '../pcm.js';

const CHARACTERS_PER_CHUNK = 5;
const LOUDNESS = 9000;
const LOWEST_HZ = 110;

/** Milliseconds that it takes to say a text. */
export function durationOf(text: string): number {
  return text.length * MS_PER_CHARACTER;
}

/** Says a text: a note for each letter, a rest for anything else; at most 300 ms in a chunk. */
export function* speak(text: string): Generator<Buffer> {
  for (let from = 0; from < text.length; from += CHARACTERS_PER_CHUNK) {
    yield Buffer.concat(Array.from(text.slice(from, from + CHARACTERS_PER_CHUNK), sing));
  }
}

const SAMPLES = (SPOKEN_RATE * MS_PER_CHARACTER) / 1000;
const REST = Buffer.alloc(SAMPLES * BYTES_PER_SAMPLE);
const NOTES = Array.from({ length: 64 }, (_, index) => note(LOWEST_HZ + index * 5));

function sing(character: string): Buffer {
  const pcm = /[\p{L}\p{N}]/u.test(character) ? noteOf(character) : REST;
  return character.length === 1 ? pcm : Buffer.concat([pcm, pcm]);
}

function noteOf(character: string): Buffer {
  return NOTES[(character.codePointAt(0) ?? 0) % NOTES.length] ?? REST;
}

function note(hertz: number): Buffer {
  const pcm = Buffer.alloc(SAMPLES * BYTES_PER_SAMPLE);
  for (let index = 0; index < SAMPLES; index++) {
    const swell = Math.sin((Math.PI * index) / SAMPLES);
    const wave = Math.sin((2 * Math.PI * hertz * index) / SPOKEN_RATE);
    pcm.writeInt16LE(Math.round(LOUDNESS * swell * wave), index * BYTES_PER_SAMPLE);
  }
  return pcm;
}
