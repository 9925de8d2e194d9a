import type { Target } from '../domain/dialect.js';
import { recordsOf, type Wire } from '../domain/wire.js';
import { camelNames } from './member-names.js';
import { isGemini3 } from './write-context.js';

/**
 * A step of the current turn whose first call has no signature: another vendor made it, or the caller lost it. Gemini 3
 * would refuse the request (`signSteps` of the writer).
 */
export function lacksSignature({ contents }: Wire, target: Target): boolean {
  if (!isGemini3(target)) {
    return false;
  }
  for (const { role, parts } of recordsOf(contents).toReversed()) {
    const named = recordsOf(parts).map(camelNames);
    if (role !== 'model' && !named.some(part => part['functionResponse'])) {
      return false;
    }
    const call = named.find(part => part['functionCall']);
    if (call && !call['thoughtSignature']) {
      return true;
    }
  }
  return false;
}
