/** Text without control characters or lone surrogates, not only blanks: what every store keeps and every page shows. */
export const DISPLAY_NAME = /^(?! *$)[^\p{Cc}\p{Cs}]+$/u;
