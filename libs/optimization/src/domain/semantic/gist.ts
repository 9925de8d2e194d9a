import { FILLERS, FRAME, NEGATIONS, NUMBERS, SHORT_FORMS, WAYS } from './english.js';

/** What a question asks for, and the words that make it this question. */
export interface Gist {
  /** Its first question word, `what` and `which` being one; `whether` of one that begins with a verb; else empty. */
  readonly asked: string;
  /** Where it makes another question whether one can, or should. */
  readonly modal: string;
  readonly isPast: boolean;
  /** Something is, or is done to something: `who was called` is not `who called`. */
  readonly isBeing: boolean;
  /** `1` is whoever asks and `2` whoever is asked, in the order that they come up. */
  readonly persons: string;
  /** In their order. */
  readonly words: readonly GistWord[];
  /** What it is written in, e.g. `Latin`. */
  readonly scripts: string;
}

export interface GistWord {
  /** By which it is compared. */
  readonly stem: string;
  readonly kind: 'quoted' | 'number' | 'negation' | 'name' | 'word';
}

interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
  /** Has a capital that no beginning of a sentence explains. */
  readonly isName: boolean;
}

const TOKEN =
  /"[^"]+"|“[^”]+”|„[^“”]+[“”]|«[^»]+»|`[^`]+`|(?<![\p{L}\p{N}])['‘][^'’]+['’](?![\p{L}\p{N}])|\S+/gu;
const IS_QUOTED = /^["“„«`'‘]/;
const EDGES = /^[([{¿¡]+|[)\]}?!.,;:…？。！、]+$/gu;
/** Signs that words do not have, or capitals and digits where they have none. */
const CODE = /[_/\\=<>{}()[\]$#@~^*+&|!]|^[-.]|\p{L}[.:]\p{L}|\p{Ll}\p{Lu}|\p{L}\p{N}|\p{N}\p{L}/u;
const SCRIPTS =
  'Latin Cyrillic Greek Arabic Hebrew Devanagari Bengali Thai Hangul Han Hiragana Katakana Tamil Georgian Armenian'
    .split(' ')
    .map(name => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const);
const VERB_FIRST =
  /^(?:am|are|can|could|did|do|does|had|has|have|is|may|might|must|shall|should|was|were|will|would)$/;
const QUESTION_WORDS: ReadonlyMap<string, string> = new Map([
  ['who', 'who'],
  ['whom', 'who'],
  ['whose', 'whose'],
  ['when', 'when'],
  ['where', 'where'],
  ['why', 'why'],
  ['how', 'how'],
  ['what', 'what'],
  ['which', 'what'],
]);
const ASKS = new RegExp(`\\b(?:${[...QUESTION_WORDS.keys()].join('|')}|if|whether)\\b`, 'i');
const PAST: ReadonlySet<string> = new Set(['was', 'were', 'did', 'had']);
const BEING: ReadonlySet<string> = new Set(
  'am is are was were be been being get gets getting got'.split(' '),
);
const CAN: ReadonlySet<string> = new Set(['can', 'could', 'may', 'might', 'able', 'allowed', 'possible']);
const SHOULD: ReadonlySet<string> = new Set(['should', 'ought']);
const FIRST: ReadonlySet<string> = new Set(['i', 'me', 'my', 'mine', 'we', 'us', 'our', 'ours']);
const SECOND: ReadonlySet<string> = new Set(['you', 'your', 'yours']);

/** Reads a question. It knows the small words of English; in other languages every word counts. */
export function gistOf(question: string): Gist {
  const straight = question.replaceAll('’', "'");
  const unframed = straight.replace(FRAME, '');
  const isTold = unframed !== straight && !ASKS.test(unframed); // `explain closures`
  const bare = isTold ? `what is ${unframed}` : unframed;
  const said = SHORT_FORMS.reduce((text, [short, long]) => text.replace(short, long), bare);
  const spoken = said.replace(WAYS, ' ');
  const tokens = tokensOf(spoken);
  const small = tokens.filter(({ isQuoted }) => !isQuoted).map(({ text }) => text.toLowerCase());
  const asked = spoken === said ? askedBy(small) : 'how';
  return {
    asked,
    modal: asked === 'how' || asked === 'where' ? '' : modalOf(small),
    isPast: small.some(word => PAST.has(word)),
    isBeing: small.some(word => BEING.has(word)),
    persons: [...new Set(small.map(personOf))].join(''),
    words: joined(tokens).filter(counts).map(wordOf),
    scripts: SCRIPTS.flatMap(([name, letters]) => (letters.test(question) ? [name] : [])).join(' '),
  };
}

function askedBy(words: readonly string[]): string {
  const first = words.find(word => QUESTION_WORDS.has(word));
  if (first !== undefined) {
    return QUESTION_WORDS.get(first) ?? '';
  }
  return VERB_FIRST.test(words[0] ?? '') ? 'whether' : '';
}

function modalOf(words: readonly string[]): string {
  return words.some(word => SHOULD.has(word)) ? 'should' : words.some(word => CAN.has(word)) ? 'can' : '';
}

function personOf(word: string): string {
  return FIRST.has(word) ? '1' : SECOND.has(word) ? '2' : '';
}

function tokensOf(text: string): Token[] {
  let begins = true;
  return (text.match(TOKEN) ?? []).flatMap(raw => {
    const isInQuotes = IS_QUOTED.test(raw) && raw.length > 1;
    const bare = isInQuotes ? raw : raw.replace(EDGES, '').replace(/'s$/, '');
    const isFirst = begins;
    begins = /[.!?:]$/.test(raw);
    if (bare === '') {
      return [];
    }
    const isQuoted = isInQuotes || CODE.test(bare);
    const isName =
      !isQuoted && bare !== 'I' && (/\p{Lu}.*\p{Lu}/u.test(bare) || (!isFirst && /^\p{Lu}/u.test(bare)));
    return [{ text: bare, isQuoted, isName }];
  });
}

/** Between `b and a` is what is between `a and b`. */
function joined(tokens: readonly Token[]): readonly Token[] {
  const at = tokens.findIndex(({ text }) => text.toLowerCase() === 'between');
  const [a, and, b] = tokens.slice(at + 1);
  const isPair = at >= 0 && a && b && and?.text === 'and' && a.text.toLowerCase() > b.text.toLowerCase();
  return isPair ? [...tokens.slice(0, at + 1), b, and, a, ...tokens.slice(at + 4)] : tokens;
}

function counts({ text, isQuoted, isName }: Token): boolean {
  return isQuoted || isName || !FILLERS.has(text.toLowerCase());
}

function wordOf({ text, isQuoted, isName }: Token): GistWord {
  const lower = text.toLowerCase();
  const isNumber = /\p{N}/u.test(text) || NUMBERS.has(lower);
  if (isQuoted) {
    return { stem: text, kind: isNumber ? 'number' : 'quoted' };
  }
  const kind = isNumber ? 'number' : NEGATIONS.has(lower) ? 'negation' : isName ? 'name' : 'word';
  const isSmallWord = isName && (FILLERS.has(lower) || FIRST.has(lower)); // `US`, `WHO`, plan `A`
  return { stem: isSmallWord ? text : isNumber ? lower : stemOf(lower), kind };
}

/** Without the endings that a word takes on in a sentence: `running` is `run`, `deleted` is `delet`, as is `delete`. */
function stemOf(word: string): string {
  if (!/^[a-z]{4,}$/.test(word)) {
    return word;
  }
  const single = word
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|sh|z)es$/, '$1')
    .replace(/([^siu])s$/, '$1');
  const bare = single.replace(/(?<=[a-z]{3})(?:ing|ed)$/, '');
  const short = bare === single ? bare : bare.replace(/([^lsz])\1$/, '$1');
  return short.replace(/(?<=[a-z]{5})e$/, ''); // but `plane` is no `plan`
}
