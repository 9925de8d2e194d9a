import { isObject } from './wire.js';

/**
 * What a dialect calls the fields that writers report lost in the words of chat, as paths such as `messages.content`,
 * whose steps are members or types of items. Several words for one thing stand in order of preference.
 */
export type FieldNames = ReadonlyMap<string, string | readonly string[]>;

/** Names a field as its caller wrote it: of several words the first that stands in the body, else the first of all. */
export function asWritten(names: FieldNames, body: unknown): (field: string) => string {
  const found = new Map<string, string>();
  return field => {
    let name = found.get(field);
    if (name === undefined) {
      name = chooseName(names.get(field) ?? field, body);
      found.set(field, name);
    }
    return name;
  };
}

function chooseName(words: string | readonly string[], body: unknown): string {
  if (typeof words === 'string') {
    return words;
  }
  return words.find(path => holds(body, path.split('.'))) ?? words[0] ?? '';
}

/** Is there something at the end of the path, in any item of the lists on the way? */
function holds(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) {
    return value !== undefined && value !== null;
  }
  if (Array.isArray(value)) {
    return value.some(item => holds(item, [step, ...rest]));
  }
  if (!isObject(value)) {
    return false;
  }
  const member = value[step] ?? value[inSnakeCase(step)];
  return value['type'] === step ? holds(value, rest) : member !== undefined && holds(member, rest);
}

/** Google takes both spellings; others have no capitals in their names. */
function inSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
