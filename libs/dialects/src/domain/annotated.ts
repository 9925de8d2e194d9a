import { appendMember } from '@app/shared';
import type { Passing } from './dialect.js';

/** The data of a passing event with `x_llmhub` as its last member; null when the project turned that off. */
export function annotated(data: string, passing: Passing): string | null {
  const llmhub = passing.llmhub();
  return llmhub && appendMember(Buffer.from(data), 'x_llmhub', llmhub).toString();
}
