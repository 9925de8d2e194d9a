/**
 * The few ways of putting a question that are one and the same. Whatever is not listed here makes it another question: what is missing
 * costs a hit, one too many gives somebody the answer to another question. So each is a whole phrase at the very beginning, and
 * none is a word that is left out wherever it stands: `and`, `will`, `to`, `a` and `the` all ask for something else somewhere.
 */

/** What a question is wrapped in, where one follows; but `tell me when it is done` is none. */
export const WRAPPING =
  /^(?:please,?\s+|(?:hello|hi|hey)[,!.]\s*)*(?:(?:can|could|would|will) you (?:please )?(?:tell me|explain(?: to me)?|show me)|(?:please )?(?:tell me|explain(?: to me)?|show me)|i(?: want|'d like| would like| need) to know)[\s:,]+(?=(?:what|which|who|whom|whose|where|why|how)\b)/i;
export const GREETING = /^(?:please,?\s+|(?:hello|hi|hey)[,!.]\s*)+/i;

/** `what a closure is`, as it is said within `tell me …`. Of one `is` alone it is certain which to bring to the front. */
export const WRAPPED =
  /^(what|who|where|why)((?: (?!is\b|are\b)\S+)+) (is|are)(?=[?.]*$| (?!.*\b(?:is|are)\b))/i;

/** How somebody is, not what to do: `how do I look` does not ask for a way to. */
const STATES =
  'look|feel|sound|seem|appear|smell|taste|do|fare|rank|rate|differ|die|compare (?:to|with)|(?:measure|end) up|keep [a-z]+ing|come (?:across|off)';
/** `How do I earn so little?` asks for a reason. */
const HABITS = 'so|such|always|usually|often|never|still|already';

/** Each with what stands for it. */
export const OPENINGS: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(
      "^(?:how (?:do|can) i|how to|what(?: is|'s) the (?:best )?way to|what are the steps to|what (?:can i|do i (?:have|need) to) do to)" +
        ` (?!(?:${STATES})\\b|.*\\b(?:${HABITS})\\b)`,
      'i',
    ),
    'how to ',
  ],
  [/^where (?:do|can) i find /i, 'where to find '],
  [/^(?:can i|is it possible(?: for me)? to) /i, 'can I '],
  [/^tell me the (?=(?:\p{L}+ ){1,2}of )/iu, 'what is the '],
  [/^(what|who|where|how)'s (?=(?:the|an?|my|your|our|this|that) )/i, '$1 is '],
  [/^(?:what|which) (?=(?:\p{L}+ )?\p{L}+s (?:do|can|are(?! th)) )/iu, 'which '],
  [/^who (?:is|was) it that /i, 'who '],
  [/^how far away (is|are) (?=.* from )/i, 'how far $1 '],
  [/^what (?:is the cause|are the causes) of /i, 'what causes '],
  [/^i(?:(?:'m| am) unable to| can(?:'t|not| not)) /i, 'I can not '],
];

export const NEGATIONS: ReadonlySet<string> = wordsOf(
  'not no never none nobody nothing nowhere neither nor without except ' +
    'nicht kein keine keinen nie ohne pas jamais sans nunca sin nunca não sem non senza mai niet geen zonder',
);

export const NUMBERS: ReadonlySet<string> = wordsOf(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen ' +
    'twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half quarter double triple once twice ' +
    'first second third fourth fifth sixth seventh eighth ninth tenth',
);

/** What is asked for, and whether it is, was, will be or may be. */
export const ASKING: ReadonlySet<string> = wordsOf(
  'what which who whom whose when where why how if whether am are be been being is was were do does did done have has had ' +
    'can could may might must shall should will would get gets getting got',
);

export const PERSONS: ReadonlySet<string> = wordsOf(
  'i me my mine myself we us our ours you your yours he him his she her hers they them their theirs it its',
);

/** Others that sentences begin with, and that are no names then. */
export const BEGINNINGS: ReadonlySet<string> = wordsOf(
  'the an this that these those there in on at for from with by to of after before and or but please',
);

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
