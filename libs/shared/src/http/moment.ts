/** A day, or a moment with its time zone; other forms of ISO 8601 are read differently by different programs. */
export const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Unix ms of a text that `MOMENT` fits; a day begins in UTC. */
export function momentOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
