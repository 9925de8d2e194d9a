/** Anthropic refuses other characters in tool ids, and the same id twice. */
const FORBIDDEN = /[^A-Za-z0-9_-]/g;

/**
 * Ids of tool calls as Anthropic takes them. Callers may use any characters and may use an id again in a later turn:
 * each call gets an id of its own, and each result that of the earliest call which still waits for one.
 */
export class ToolIds<Owner> {
  private readonly taken = new Set<string>();
  /** By id, the number that its next namesake tries: without it, many of one name would take quadratic time. */
  private readonly namesakes = new Map<string, number>();
  private readonly waiting = new Map<string, { readonly id: string; readonly owner: Owner }[]>();

  /** The wire id of a new call; `owner` is handed to whoever brings the result. */
  open(callId: string, owner: Owner): string {
    const base = sanitise(callId);
    let id = base;
    let next = this.namesakes.get(base) ?? 2;
    for (; this.taken.has(id); next++) {
      id = `${base}_${next}`;
    }
    this.namesakes.set(base, next);
    this.taken.add(id);
    const queue = this.waiting.get(callId);
    if (queue) {
      queue.push({ id, owner });
    } else {
      this.waiting.set(callId, [{ id, owner }]);
    }
    return id;
  }

  /** The call that a result belongs to. Without `owner` there is none, and the vendor will say so. */
  close(callId: string): { readonly id: string; readonly owner?: Owner } {
    return this.waiting.get(callId)?.shift() ?? { id: sanitise(callId) };
  }
}

function sanitise(callId: string): string {
  return callId.replace(FORBIDDEN, '_') || 'call';
}
