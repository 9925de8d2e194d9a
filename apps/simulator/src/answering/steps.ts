import { splitAtSpace, valuesOf } from './directives.js';
import type { Prompt } from './prompt.js';

interface Step {
  readonly name: string;
  /** JSON of an object. */
  readonly arguments: string;
}

/**
 * The call that comes next in a tool loop told by `[[sim:step NAME JSON]]`, one directive for each call. Programs put
 * texts of their own behind their user's, so the steps are those of the last user text that has any; what was called
 * since then is counted by the results.
 */
export function nextStep({ turns, tools }: Prompt): Step | undefined {
  const from = turns.findLastIndex(turn => turn.role === 'user' && valuesOf(turn.text, 'step').length > 0);
  const told = turns[from];
  // Programs ask for a title or a summary of the same text, too, and offer no tools then.
  if (told === undefined || tools.length === 0) {
    return undefined;
  }
  const done = turns.slice(from).filter(turn => turn.role === 'tool').length;
  const step = valuesOf(told.text, 'step')[done];
  if (step === undefined) {
    return undefined;
  }
  const [name, args] = splitAtSpace(step);
  return { name, arguments: args };
}
