/** One call of a conversation that waits for its result. */
interface OpenCall {
  readonly id: string;
  isAnswered: boolean;
}

/** Calls in their order, of which those before `first` are answered. */
interface Queue {
  readonly calls: OpenCall[];
  first: number;
}

/**
 * Which result belongs to which call. Google's callers may leave ids out, and then a result belongs to the first call
 * of its name that waits. Ids made up here depend on nothing but the conversation, so that it can be cached.
 */
export class CallBook {
  private readonly byId = new Map<string, Queue>();
  private readonly byName = new Map<string, Queue>();
  private made = 0;

  /** @param given ids that stand in the conversation, which must not be made up again */
  constructor(private readonly given: ReadonlySet<string>) {}

  /** The id of a call, its own or a new one. */
  call(id: string | undefined, name: string): string {
    const known = id ?? this.make();
    const call = { id: known, isAnswered: false };
    queueOf(this.byId, known).calls.push(call);
    queueOf(this.byName, name).calls.push(call);
    return known;
  }

  /** The id of the call that a result answers; its own, or a new one, when none waits. */
  answer(id: string | undefined, name: string): string {
    const call = (id === undefined ? undefined : take(this.byId.get(id))) ?? take(this.byName.get(name));
    return call?.id ?? id ?? this.make();
  }

  private make(): string {
    let id: string;
    do {
      id = `call_${this.made++}`;
    } while (this.given.has(id));
    return id;
  }
}

function queueOf(queues: Map<string, Queue>, key: string): Queue {
  let queue = queues.get(key);
  if (!queue) {
    queue = { calls: [], first: 0 };
    queues.set(key, queue);
  }
  return queue;
}

/** The first call that waits, which does so no more. */
function take(queue: Queue | undefined): OpenCall | undefined {
  while (queue?.calls[queue.first]?.isAnswered) {
    queue.first++;
  }
  const call = queue?.calls[queue.first];
  if (call) {
    call.isAnswered = true;
  }
  return call;
}
