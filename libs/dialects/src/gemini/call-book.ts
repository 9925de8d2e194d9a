/** One call of a conversation that waits for its result. */
interface OpenCall {
  readonly id: string;
  readonly name: string;
}

/**
 * Which result belongs to which call. Google's callers may leave ids out, and then a result belongs to the first call
 * of its name that waits. Ids made up here depend on nothing but the conversation, so that it can be cached.
 */
export class CallBook {
  private readonly open: OpenCall[] = [];
  private made = 0;

  /** @param given ids that stand in the conversation, which must not be made up again */
  constructor(private readonly given: ReadonlySet<string>) {}

  /** The id of a call, its own or a new one. */
  call(id: string | undefined, name: string): string {
    const known = id ?? this.make();
    this.open.push({ id: known, name });
    return known;
  }

  /** The id of the call that a result answers; its own, or a new one, when none waits. */
  answer(id: string | undefined, name: string): string {
    const at = this.find(id, name);
    const [call] = at < 0 ? [] : this.open.splice(at, 1);
    return call?.id ?? id ?? this.make();
  }

  private find(id: string | undefined, name: string): number {
    const byId = id === undefined ? -1 : this.open.findIndex(call => call.id === id);
    const byName = byId < 0 ? this.open.findIndex(call => call.name === name) : byId;
    return byName;
  }

  private make(): string {
    let id: string;
    do {
      id = `call_${this.made++}`;
    } while (this.given.has(id));
    return id;
  }
}
