/** `thinking.display` in canonical words; words newer than this gateway stay as they are. */
export function canonicalSummary(display: string): string {
  return display === 'summarized' ? 'auto' : display;
}

/** The opposite of `canonicalSummary`. */
export function wireDisplay(summary: string): string {
  return summary === 'auto' ? 'summarized' : summary;
}
