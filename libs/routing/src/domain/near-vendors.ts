/** Shorter beginnings are those of too many names. */
const SHORTEST = 3;

/** The vendors that somebody may have meant who wrote what is none, the likeliest first. */
export function nearVendors(typed: string, ids: readonly string[]): string[] {
  const name = plain(typed);
  const alike = ids.filter(id => isNear(name, plain(id)));
  const within = ids.filter(id => !alike.includes(id) && isPartOf(name, plain(id)));
  return [...alike, ...within];
}

/** Without what is written in many ways: `x-ai`, `X.AI` and `xai` are one. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** OpenRouter's `amazon-bedrock` is `bedrock` here, its `azure` is `azure-openai`. */
function isPartOf(name: string, id: string): boolean {
  return Math.min(name.length, id.length) >= SHORTEST && (id.startsWith(name) || name.includes(id));
}

/** One letter missing, added, changed or swapped with its neighbour. */
function isNear(typed: string, id: string): boolean {
  if (Math.abs(typed.length - id.length) > 1) {
    return false;
  }
  let start = 0;
  while (start < id.length && typed[start] === id[start]) {
    start++;
  }
  const swapped =
    typed.slice(0, start) + (typed[start + 1] ?? '') + (typed[start] ?? '') + typed.slice(start + 2);
  const rests = [
    [typed.slice(start + 1), id.slice(start + 1)],
    [typed.slice(start + 1), id.slice(start)],
    [typed.slice(start), id.slice(start + 1)],
  ];
  return swapped === id || rests.some(([a, b]) => a === b);
}
