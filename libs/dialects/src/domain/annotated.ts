import { appendMember, changeMember, inAscii, setMember } from '@app/shared';
import type { Passing } from './dialect.js';
import type { LlmHub } from './llmhub.js';

/**
 * An answer with `x_llmhub` as its last member, and the same cost in the object that tells the usage, in place of what the
 * vendor may say there.
 *
 * @param answer the text of a JSON object; also of its bytes, see `textOf`: nothing but ASCII is added
 * @param usageMember where the answer tells its usage
 */
export function annotate(answer: string, llmhub: LlmHub, usageMember = 'usage'): string {
  const { cost } = llmhub;
  const told =
    cost === null
      ? answer
      : changeMember(answer, usageMember, usage => setMember(usage, 'cost', String(cost)));
  return appendMember(told, 'x_llmhub', inAscii(JSON.stringify(llmhub)));
}

/** The data of a passing event, annotated; null when the project turned that off. */
export function annotated(data: string, passing: Passing, usageMember?: string): string | null {
  const llmhub = passing.llmhub();
  return llmhub && annotate(data, llmhub, usageMember);
}
