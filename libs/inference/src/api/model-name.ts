/** The model of a path: our names hold a slash, which clients send as it is or encoded. */
export function nameOf(model: string | string[]): string {
  return [model].flat().join('/');
}
