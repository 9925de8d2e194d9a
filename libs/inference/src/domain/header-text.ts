/** A header value may hold visible ASCII only. */
export function headerText(text: string): string {
  return /[^\x20-\x7e]/.test(text) ? text.replace(/[^\x20-\x7e]/g, '?') : text;
}
