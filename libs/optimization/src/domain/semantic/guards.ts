import type { Gist, GistWord } from './gist.js';

/** Why two questions are not the same, however near their vectors are. */
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

/** Null where nothing speaks against it: that alone does not make them the same. */
export function difference(a: Gist, b: Gist): Guard | null {
  if (a.scripts !== b.scripts) {
    return 'language';
  }
  const word = differingWord(a.words, b.words);
  if (word) {
    return word;
  }
  if (!isSameOrder(stems(a), stems(b))) {
    return 'order';
  }
  if (!isAskedAlike(a, b)) {
    return 'asked';
  }
  return isSamePersons(a, b) ? null : 'person';
}

function isAskedAlike(a: Gist, b: Gist): boolean {
  return a.asked === b.asked && a.modal === b.modal && a.isPast === b.isPast && a.isBeing === b.isBeing;
}

function stems({ words }: Gist): string[] {
  return words.map(({ stem }) => stem);
}

function differingWord(a: readonly GistWord[], b: readonly GistWord[]): Guard | null {
  const [ofA, ofB] = [without(a, b), without(b, a)];
  const differing = [...ofA, ...ofB];
  if (differing.length === 0) {
    return null;
  }
  const isTurned = [...turned(ofA, b), ...turned(ofB, a)].length > 0;
  const kinds = new Set<Guard>(differing.map(({ kind }) => kind));
  return isTurned ? 'negation' : (GUARDS.find(guard => kinds.has(guard)) ?? 'word');
}

function without(words: readonly GistWord[], others: readonly GistWord[]): GistWord[] {
  const left = others.map(({ stem }) => stem);
  return words.filter(({ stem }) => {
    const at = left.indexOf(stem);
    if (at >= 0) {
      left.splice(at, 1);
    }
    return at < 0;
  });
}

function turned(words: readonly GistWord[], others: readonly GistWord[]): GistWord[] {
  const found = new Set(others.map(({ stem }) => stem));
  return words.filter(({ stem }) => TURNED.test(stem) && found.has(stem.replace(TURNED, '')));
}

/** The same order, or a part of the end brought to the front: `In Python, how do I …`. Of two words that would be any order. */
function isSameOrder(a: readonly string[], b: readonly string[]): boolean {
  const isFrom = (start: number): boolean => a.every((stem, at) => stem === b[(start + at) % b.length]);
  return isFrom(0) || (a.length > 2 && a.some((_stem, at) => isFrom(at)));
}

/** Whether nobody takes another's part. Whoever is told how to do a thing is `I` or `you`; `who can I ask` is not `who can ask`. */
function isSamePersons(a: Gist, b: Gist): boolean {
  if (a.persons === b.persons) {
    return true;
  }
  if (a.persons === '' || b.persons === '') {
    return a.asked !== 'who' && a.asked !== 'what';
  }
  return a.persons.length !== b.persons.length || (a.persons.length === 1 && a.asked === 'how');
}
