/** The words of a text: a list of names that reads well. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
