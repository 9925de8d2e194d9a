/**
 * What does not make a question another one. Everything that is not listed here does, in whatever language: a word that is
 * missing costs a hit, one too many an answer to another question.
 */

/** Words that questions are put together with. `by`, `for`, `in`, `if`, `me`, `off` and their like are none of them. */
export const FILLERS: ReadonlySet<string> = new Set(
  (
    'a an the and or i my mine we our ours you your yours it its there that which who whom whose what when where why how to of ' +
    'am are be been being is was were do does did doing done can could may might able allowed possible should ought will would ' +
    'please hello hi hey thanks thank get gets getting got have has had just really actually currently simply'
  ).split(' '),
);

/** What stands for a word that is spelt shorter. */
export const SHORT_FORMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:am i (?:allowed|able)|is it (?:possible|allowed|ok|okay)(?: for me)?) to\b/gi, 'can I'],
  [/\bcan'?t\b|\bcannot\b/gi, 'can not'],
  [/\bwon't\b/gi, 'will not'],
  [/n't\b/gi, ' not'],
  [/(?: am|'m| are|'re| is) unable to\b/gi, ' can not'],
  [/\bunable\b/gi, 'not able'],
  [/\b(?:using|via)\b/gi, 'with'],
  [/\bi'm\b/gi, 'I am'],
  [/'(?:re|ve|ll|d|m)\b/gi, ''],
  [/\b(what|who|where|when|how|that|there|it)'s\b/gi, '$1 is'],
  [/\bi'?d like to\b|\bi (?:want|would like) to\b/gi, 'how to'],
];

/** What a question is wrapped in, at its beginning. */
export const FRAME =
  /^(?:(?:please|hello|hi|hey)[\s,!.]+)*(?:(?:can|could|would|will) you (?:please )?(?:tell|explain|describe|show)(?: to)?(?: me)?|(?:please )?(?:tell me|show me|explain|describe)(?: to me)?|do you know|i (?:want|would like|need) to know|i wonder|i was wondering)[\s:,]+/i;

/** How something is done, in other words. */
export const WAYS =
  /\b(?:what (?:can|should|could) (?:i|we|you) do to|(?:what(?: is|'s| are)? |is there |are there |which is )?(?:an?|the|any)? ?\b(?:best |right |correct |easiest |proper |usual )?(?:way|ways|steps|process|procedure|method|methods) (?:to|of|for))\b/gi;

export const NEGATIONS: ReadonlySet<string> = new Set(
  (
    'not no never none nobody nothing nowhere neither nor without except ' +
    'nicht kein keine keinen nie ohne pas jamais sans nunca sin nunca não sem non senza mai niet geen zonder'
  ).split(' '),
);

const NUMBER_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen ' +
  'twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half quarter double triple once twice ' +
  'first second third fourth fifth sixth seventh eighth ninth tenth';
export const NUMBERS: ReadonlySet<string> = new Set(NUMBER_WORDS.split(' '));
