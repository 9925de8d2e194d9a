import type { Event } from './live-client.js';

/** The paths of all members, `item.content[].text`, of all values together. */
export function membersOf(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.flatMap(value => pathsOf(value, '')))].toSorted();
}

function pathsOf(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(each => pathsOf(each, `${path}[]`));
  }
  if (typeof value !== 'object' || value === null) {
    return [path];
  }
  return Object.entries(value).flatMap(([name, each]) => pathsOf(each, `${path}.${name}`));
}

/** Repetitions told once. */
export function collapsed(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => name !== names[index - 1]);
}

/** Members by the name of the event. */
export function membersByName(events: readonly Event[], nameOf: (event: Event) => string): object {
  const names = [...new Set(events.map(nameOf))].toSorted();
  return Object.fromEntries(
    names.map(name => [name, membersOf(events.filter(event => nameOf(event) === name))]),
  );
}
