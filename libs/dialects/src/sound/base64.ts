/** The bytes of a text that is base64, with or without its padding; null: it is not. */
export function bytesOfBase64(text: string): Buffer | null {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  const characters = text.length - padding;
  const bytes = Buffer.from(text, 'base64'); // leaves out what is none
  return characters % 4 !== 1 && bytes.length === Math.floor(decodedBytes(characters)) ? bytes : null;
}

/** Bytes that so many characters of base64 stand for, but for what fills it up. */
export function decodedBytes(length: number): number {
  return (Math.max(length, 0) * 3) / 4;
}
