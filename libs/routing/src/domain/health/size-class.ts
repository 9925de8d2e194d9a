/** Requests of one class of input sizes are compared with each other: reading a long prompt takes a vendor longer. */
export type SizeClass = 0 | 1 | 2 | 3;

/** Names of the classes, by their number. */
export const SIZE_CLASSES = ['<1k', '<8k', '<32k', '>=32k'] as const;

/** @param inputTokens of a request; an estimate will do */
export function sizeClassOf(inputTokens: number): SizeClass {
  if (inputTokens < 1000) {
    return 0;
  }
  if (inputTokens < 8000) {
    return 1;
  }
  return inputTokens < 32_000 ? 2 : 3;
}
