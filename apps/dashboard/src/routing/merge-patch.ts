type Members = Readonly<Record<string, unknown>>;

/** What makes one object of another, as a JSON merge patch (RFC 7386): null takes a member away. */
export function mergePatch(before: Members, after: Members): Record<string, unknown> {
  const gone = Object.keys(before).filter(name => !(name in after));
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
  );
  return Object.fromEntries([
    ...gone.map(name => [name, null]),
    ...changed.map(([name, value]) => {
      const was = before[name];
      return [name, isObject(value) && isObject(was) ? mergePatch(was, value) : value];
    }),
  ]) as Record<string, unknown>;
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
