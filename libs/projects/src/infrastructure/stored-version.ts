/** The filter of a compare-and-set. Documents from before there were versions are at the first. */
export function atVersion(version: number): number | { readonly $in: (number | null)[] } {
  return version === 1 ? { $in: [1, null] } : version; // null also finds what is not there
}
