const DUPLICATE_KEY = 11_000;

/** Whether MongoDB refused a document because there is one like it. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY;
}
