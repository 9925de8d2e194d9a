import type { Gist, GistWord } from './gist.js';

/** Why two questions are not the same, however near their vectors are: the first that holds is told. */
export const GUARDS = [
  'language',
  'quoted',
  'number',
  'negation',
  'name',
  'word',
  'order',
  'asked',
  'person',
] as const;
export type Guard = (typeof GUARDS)[number];

/** Of a question that has a word which the other has not, but for a prefix that turns it round: `legal`, `illegal`. */
const TURNED = /^(?:un|in|im|il|ir|dis|non|de)-?/;

/** Null where both are word for word the same, as gists: that alone does not make them the same. */
export function difference(a: Gist, b: Gist): Guard | null {
  if (a.scripts !== b.scripts) {
    return 'language';
  }
  if (a.words.length === b.words.length && a.words.every(({ text }, at) => text === b.words[at]?.text)) {
    return null;
  }
  const [ofA, ofB] = [without(a.words, b.words), without(b.words, a.words)];
  const isTurned = [...turned(ofA, b.words), ...turned(ofB, a.words)].length > 0;
  const kinds = new Set<Guard>([...ofA, ...ofB].map(({ kind }) => kind));
  return isTurned ? 'negation' : (GUARDS.find(guard => kinds.has(guard)) ?? 'order');
}

function without(words: readonly GistWord[], others: readonly GistWord[]): GistWord[] {
  const left = others.map(({ text }) => text);
  return words.filter(({ text }) => {
    const at = left.indexOf(text);
    if (at >= 0) {
      left.splice(at, 1);
    }
    return at < 0;
  });
}

function turned(words: readonly GistWord[], others: readonly GistWord[]): GistWord[] {
  const found = new Set(others.map(({ text }) => text));
  return words.filter(({ text }) => TURNED.test(text) && found.has(text.replace(TURNED, '')));
}
