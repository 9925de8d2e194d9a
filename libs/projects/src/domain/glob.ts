/** Whether a text fits a pattern, in which `*` stands for any characters. Linear in the text for each star. */
export function fitsGlob(pattern: string, text: string): boolean {
  const [head = '', ...pieces] = pattern.split('*');
  const tail = pieces.pop();
  if (tail === undefined) {
    return text === pattern;
  }
  if (!text.startsWith(head) || !text.endsWith(tail)) {
    return false;
  }
  const end = text.length - tail.length;
  let at = head.length;
  for (const piece of pieces) {
    at = text.indexOf(piece, at);
    if (at < 0) {
      return false;
    }
    at += piece.length;
  }
  return at <= end;
}
