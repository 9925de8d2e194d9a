/** UTF-8 bytes of a decision in the store. One of three candidates has 1,000 to 2,000. */
export const DECISION_BYTES = 16_384;

/**
 * A decision as it is stored: JSON of at most 16 kB. Of a larger one remain the members that fit, the shortest first, with
 * `truncated: true`, the `bytes` it had and the names of the members `omitted`.
 */
export function decisionText(decision: object): string {
  let text: string;
  try {
    text = JSON.stringify(decision);
  } catch (error) {
    // The usage records of its batch must not wait for it for ever.
    return JSON.stringify({ truncated: true, reason: `no JSON: ${String(error).slice(0, 200)}` });
  }
  const bytes = Buffer.byteLength(text);
  return bytes <= DECISION_BYTES ? text : outlineOf(decision, bytes);
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
