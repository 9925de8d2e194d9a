const SHOWN = 3;

/** What does not hold: how often, with the first examples. */
export class Findings {
  kinds = new Map();

  /** @param about asked only when it does not hold */
  expect(holds, kind, about) {
    if (!holds) {
      const found = this.kinds.get(kind) ?? { count: 0, examples: [] };
      found.count += 1;
      if (found.examples.length < SHOWN) {
        found.examples.push(about());
      }
      this.kinds.set(kind, found);
    }
  }

  lines() {
    return [...this.kinds].flatMap(([kind, { count, examples }]) => [
      `${kind} (${count})`,
      ...examples.map(example => `  ${JSON.stringify(example, withoutKeys)}`),
    ]);
  }
}

/** A call knows its project, which knows its key. */
function withoutKeys(field, value) {
  return field === 'project' && typeof value === 'object' ? value.name : value;
}
