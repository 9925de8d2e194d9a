/** Stores keep times in Unix ms, entities in ISO 8601. */
export function toMs(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso);
}

export function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
