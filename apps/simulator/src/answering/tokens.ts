const BYTES_PER_TOKEN = 4;

/** Every image, document or recording costs this much, whatever its size. */
export const TOKENS_PER_MEDIUM = 100;

/** The one token rule of the simulator: four bytes of UTF-8, begun ones counted whole. */
export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

export function countTokens(text: string): number {
  return tokensOfBytes(Buffer.byteLength(text));
}

/** The longest beginning of `text` that costs at most `tokens`, never ending inside a character. */
export function truncateToTokens(text: string, tokens: number): string {
  let room = tokens * BYTES_PER_TOKEN;
  if (Buffer.byteLength(text) <= room) {
    return text;
  }
  let end = 0;
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) {
      break;
    }
    end += character.length;
  }
  return text.slice(0, end);
}

/** Cuts a text into the pieces it is streamed in: a word with the white space behind it. */
export function pieces(text: string): readonly string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

/** Cuts JSON into the pieces it is streamed in, none of them ending inside a character. */
export function fragments(json: string): readonly string[] {
  return json.match(/.{1,8}/gsu) ?? [];
}
