import {
  ASKING,
  BEGINNINGS,
  GREETING,
  NEGATIONS,
  NUMBERS,
  OPENINGS,
  PERSONS,
  WRAPPED,
  WRAPPING,
} from './english.js';

/** A question in the one wording of all that are the same. */
export interface Gist {
  /** In their order, and with the signs between them: questions are the same when these are. */
  readonly words: readonly GistWord[];
  /** What it is written in, e.g. `Latin`. */
  readonly scripts: string;
}

export interface GistWord {
  /** With its capitals, but for the one that a small word has at the beginning of a sentence. */
  readonly text: string;
  /** By which a difference is told. */
  readonly kind: 'quoted' | 'number' | 'negation' | 'name' | 'asked' | 'person' | 'word';
}

/** A new line and how far it is indented, a quotation, what is between blanks, and apart from it the signs that end or part sentences. */
const TOKEN =
  /\n\s*|"[^"]+"|“[^”]+”|„[^“”]+[“”]|«[^»]+»|`[^`]+`|(?<![\p{L}\p{N}])'[^']+'(?![\p{L}\p{N}])|[^\s?!.,;:…？。！、，]+(?:[?!.,;:…]+[^\s?!.,;:…？。！、，]+)*|[?!.,;:…？。！、，]+\S*/gu;
const IS_QUOTED = /^["“„«`']./;
/** Signs that words do not have, or capitals and digits where they have none. */
const CODE = /[_/\\=<>{}()[\]$#@~^*+&|!]|^[-.]|\p{L}[.:]\p{L}|\p{Ll}\p{Lu}|\p{L}\p{N}|\p{N}\p{L}/u;
const ENDS_SENTENCE = /^[.!?:…？。！]/;
const LAST_DOT = /(?<=[\p{L}\p{N}"'”»`])[.。]$/u;
/** It says nothing more where the first word asks already; `you take cards?` is another thing than `you take cards`. */
const LAST_MARK = /(?<=[\p{L}\p{N}"'”»`])[?？]$/u;
const DIFFERENCE_BETWEEN =
  /\bdifference between (\p{L}[\p{L}\p{N}]*) and (\p{L}[\p{L}\p{N}]*)(?=[?.]*$| in )/u;
const SCRIPTS =
  'Latin Cyrillic Greek Arabic Hebrew Devanagari Bengali Thai Hangul Han Hiragana Katakana Tamil Georgian Armenian'
    .split(' ')
    .map(name => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const);

/** Reads a question. All of it counts; only of English it knows some phrases that stand for one another. */
export function gistOf(question: string): Gist {
  const straight = question.normalize('NFC').replaceAll('’', "'").trim();
  const said = canonical(straight);
  const [first = ''] = said.split(' ', 1);
  const last = ASKING.has(first.toLowerCase()) ? LAST_MARK : LAST_DOT;
  let begins = true;
  const words = (said.replace(last, '').match(TOKEN) ?? []).map(text => {
    const word = wordOf(text, begins);
    begins = ENDS_SENTENCE.test(text);
    return word;
  });
  return { words, scripts: scriptsOf(question) };
}

/** `b and a` is what `a and b` is where the difference between them is asked for, and nowhere else. */
function canonical(question: string): string {
  const inner = question.replace(WRAPPING, '');
  const bare = inner === question ? question.replace(GREETING, '') : inner.replace(WRAPPED, '$1 $3$2');
  const said = OPENINGS.reduce((text, [phrase, stands]) => text.replace(phrase, stands), bare);
  return said.replace(
    DIFFERENCE_BETWEEN,
    (_all, a: string, b: string) => `difference between ${[a, b].toSorted().join(' and ')}`,
  );
}

function scriptsOf(text: string): string {
  return SCRIPTS.flatMap(([name, letters]) => (letters.test(text) ? [name] : [])).join(' ');
}

function wordOf(text: string, isFirst: boolean): GistWord {
  const isQuoted = IS_QUOTED.test(text) || CODE.test(text);
  if (/\p{N}/u.test(text)) {
    return { text, kind: 'number' };
  }
  if (isQuoted) {
    return { text, kind: 'quoted' };
  }
  const lower = text.toLowerCase();
  const isLowered = isFirst && text === capitalised(lower) && isSmall(lower) && text !== 'I';
  const said = isLowered ? lower : text;
  return { text: said, kind: kindOf(said, isFirst) };
}

function kindOf(word: string, isFirst: boolean): GistWord['kind'] {
  if (word !== 'I' && /\p{Lu}/u.test(word)) {
    return isFirst ? 'word' : 'name';
  }
  const lower = word.toLowerCase();
  return NUMBERS.has(lower)
    ? 'number'
    : NEGATIONS.has(lower) || lower.endsWith("n't")
      ? 'negation'
      : ASKING.has(lower)
        ? 'asked'
        : PERSONS.has(lower)
          ? 'person'
          : 'word';
}

function isSmall(word: string): boolean {
  return ASKING.has(word) || PERSONS.has(word) || BEGINNINGS.has(word);
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
