/** What somebody put into a field; empty: nothing. */
export function textOf(form: FormData, field: string): string {
  return String(form.get(field) ?? '').trim();
}

/** Names and values of those fields that something was put into, for an address. */
export function filledIn(form: FormData, fields: readonly string[]): [name: string, value: string][] {
  return fields
    .map((field): [string, string] => [field, textOf(form, field)])
    .filter(([, value]) => value !== '');
}
