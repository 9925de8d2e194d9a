/** What a limit of calls may be at most. */
export const MOST_REQUESTS_PER_MINUTE = 1_000_000;
export const MOST_CONCURRENT_CALLS = 100_000;
export const MOST_TOKENS_PER_MINUTE = 1_000_000_000;
/** Of an uploaded file, in bytes. */
export const MOST_FILE_BYTES = 10 * 1024 ** 3;
