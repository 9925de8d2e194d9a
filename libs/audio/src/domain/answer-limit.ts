/** Of an answer that is collected before its caller gets any of it, in bytes: hours of text, or of sound. */
export const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024;
