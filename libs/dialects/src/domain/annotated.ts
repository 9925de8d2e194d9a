import { appendMember, changeMember, spliceMembers } from '@app/shared';
import type { Passing } from './dialect.js';
import type { LlmHub } from './llmhub.js';

/**
 * The bytes of an answer with `x_llmhub` as its last member, and the same cost in the object that tells the usage, in place
 * of what the vendor may say there.
 *
 * @param usageMember where the answer tells its usage
 */
export function annotate(answer: Buffer, llmhub: LlmHub, usageMember = 'usage'): Buffer {
  const { cost } = llmhub;
  const told =
    cost === null
      ? answer
      : changeMember(answer, usageMember, usage => spliceMembers(usage, { cost: String(cost) }));
  return appendMember(told, 'x_llmhub', JSON.stringify(llmhub));
}

/** The data of a passing event, annotated; null when the project turned that off. */
export function annotated(data: string, passing: Passing, usageMember?: string): string | null {
  const llmhub = passing.llmhub();
  return llmhub && annotate(Buffer.from(data), llmhub, usageMember).toString();
}
