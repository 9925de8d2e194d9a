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

/** Null: nothing was put into it. */
export function numberOf(form: FormData, field: string): number | null {
  const text = textOf(form, field);
  return text === '' ? null : Number(text);
}

/** What stands between commas; null: nothing does. */
export function listOf(form: FormData, field: string): string[] | null {
  const texts = textOf(form, field)
    .split(',')
    .map(text => text.trim())
    .filter(text => text !== '');
  return texts.length > 0 ? texts : null;
}
