import { folded, unfolded } from './folding.js';

/** UTF-8 bytes of a decision in the store. One of three candidates has about 1,000, one of twenty 2,500. */
export const DECISION_BYTES = 16_384;
/** Which form a text has. Those of the first, which was JSON as it is, do not say. */
const FORM = '*form';
const FOLDED = 2;

/**
 * A decision as it is stored: JSON of at most 16 kB, folded. Of a larger one remain the members that fit, the shortest first,
 * with `truncated: true`, the `bytes` it had and the names of the members `omitted`.
 *
 * @param decision plain JSON
 */
export function decisionText(decision: object): string {
  try {
    const form = { [FORM]: FOLDED, ...(folded(decision) as object) };
    const text = JSON.stringify(form);
    const bytes = Buffer.byteLength(text);
    return bytes <= DECISION_BYTES ? text : outlineOf(form, bytes);
  } catch (error) {
    // The usage records of its batch must not wait for it for ever.
    return JSON.stringify({ truncated: true, reason: `no JSON: ${String(error).slice(0, 200)}` });
  }
}

/** What `decisionText` was told, of whichever form; of a form that is not known yet, `unreadable: true` and why. */
export function decisionIn(text: string): Record<string, unknown> {
  const { [FORM]: form, ...decision } = JSON.parse(text) as Record<string, unknown>;
  if (form === undefined) {
    return decision;
  }
  return form === FOLDED
    ? (unfolded(decision) as Record<string, unknown>)
    : { unreadable: true, reason: `A newer gateway wrote it, in form ${String(form).slice(0, 20)}.` };
}

function outlineOf(decision: object, bytes: number): string {
  const members = Object.entries(decision)
    .map(([name, value]) => [name, JSON.stringify(value)] as const)
    .filter(([, text]) => text !== undefined)
    .toSorted(([, one], [, other]) => one.length - other.length);
  const kept: string[] = [];
  const omitted: string[] = [];
  let left = DECISION_BYTES / 2; // the other half is for what the outline says itself
  for (const [name, text] of members) {
    const member = `${JSON.stringify(name)}:${text}`;
    left -= Buffer.byteLength(member);
    if (left >= 0) {
      kept.push(member);
    } else {
      omitted.push(name.slice(0, 80));
    }
  }
  const head = JSON.stringify({ truncated: true, bytes, omitted: omitted.slice(0, 20) });
  return `${[head.slice(0, -1), ...kept].join(',')}}`;
}
