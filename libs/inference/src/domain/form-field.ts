/** A field of a form, which a parser has nested, as its wire names: lists are `name[]`, the way OpenAI's clients send them. */
export function flattenField(name: string, value: unknown): (readonly [string, string])[] {
  if (Array.isArray(value)) {
    return value.flatMap(item => flattenField(`${name}[]`, item));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => flattenField(`${name}[${key}]`, item));
  }
  return [[name, String(value)]];
}
