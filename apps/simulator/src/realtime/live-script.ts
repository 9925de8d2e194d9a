import { type Directives, readDirectives } from '../answering/directives.js';
import { lastUserText, type Prompt } from '../answering/prompt.js';
import { type Plan, planAnswer } from '../answering/script.js';
import { readScriptedUsage, type Usage } from '../answering/usage.js';
import type { Fault } from '../faults.js';
import { endOfKey } from '../http/presented-key.js';
import { refusedPrompt, wordsOf } from '../http/vendor-words.js';
import type { Line } from './live-dialect.js';

/** What an answer will say, cost and suffer. */
export interface LiveScript {
  readonly plan: Plan;
  readonly directives: Directives;
  readonly fault: Fault;
  /** As a directive tells it, whatever is said. */
  readonly usage: Usage | undefined;
}

interface Asked {
  readonly prompt: Prompt;
  readonly instructions: string;
  /** Nobody can say a directive aloud: those of the instructions hold. */
  readonly isSpoken: boolean;
}

/** @throws Refusal when it is not to be begun */
export function readScript(line: Line, { prompt, instructions, isSpoken }: Asked): LiveScript {
  const { world, vendor, exchange } = line;
  const user = readDirectives(lastUserText(prompt));
  const { directives } = isSpoken ? readDirectives(instructions) : user;
  const call = { vendor, model: prompt.model, key: endOfKey(exchange) };
  const fault = { ...line.fault, ...world.faults.strike(directives.get('fault'), call) };
  if (fault.context || fault.policy) {
    throw refusedPrompt(wordsOf(exchange, vendor), fault.context ? 'context' : 'policy');
  }
  const told = directives.get('usage');
  return {
    plan: planAnswer(prompt, user.rest, directives),
    directives,
    fault,
    usage: told === undefined ? undefined : readScriptedUsage(told),
  };
}

/** Bills an answer. */
export function sell(line: Line, model: string, usage: Usage, { directives }: LiveScript): void {
  const { input, cached, written, output, reasoning, audioInput = 0, audioOutput = 0 } = usage;
  const sold = { input, cached, cache_written: written, output, reasoning };
  const audio = { audio_input: audioInput, audio_output: audioOutput };
  line.world.bill.add(line.vendor, model, { ...sold, ...audio }, directives.get('receipt'));
}
