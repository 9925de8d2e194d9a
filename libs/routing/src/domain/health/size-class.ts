/** Requests of one class of input sizes are compared with each other: reading a long prompt takes a vendor longer. */
export type SizeClass = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Names of the classes, by their number. */
export const SIZE_CLASSES = [
  '<1k',
  '<8k',
  '<32k',
  '>=32k',
  '<1k whole',
  '<8k whole',
  '<32k whole',
  '>=32k whole',
] as const;

/** A whole answer begins when a stream would have ended: it is a class apart. Of the input, an estimate will do. */
export function callClassOf(call: { readonly inputTokens: number; readonly stream: boolean }): SizeClass {
  return (sizeClassOf(call.inputTokens) + (call.stream ? 0 : 4)) as SizeClass;
}

export function isWhole(size: SizeClass): boolean {
  return size >= 4;
}

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
