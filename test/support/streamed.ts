interface Chunk {
  readonly choices?: readonly { readonly delta: { readonly content?: string | null } }[];
  readonly error?: { readonly message: string; readonly code: string | null };
}

/** The `data:` of each event of a chat stream, comments left out. */
export function dataOf(sseText: string): string[] {
  return sseText
    .split('\n\n')
    .filter(event => event.startsWith('data: '))
    .map(event => event.slice('data: '.length));
}

/** What a chat stream said, all deltas together. */
export function contentOf(sseText: string): string {
  return chunksOf(sseText)
    .map(({ choices }) => choices?.[0]?.delta.content ?? '')
    .join('');
}

/** The error that ended a chat stream, if one did. */
export function errorOf(sseText: string): Chunk['error'] {
  return chunksOf(sseText).at(-1)?.error;
}

function chunksOf(sseText: string): Chunk[] {
  return dataOf(sseText)
    .filter(data => data !== '[DONE]')
    .map(data => JSON.parse(data) as Chunk);
}
