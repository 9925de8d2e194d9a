import type { SignatureSeal } from '../domain/dialect.js';
import type { Signature } from '../domain/part.js';
import { leftover, type Wire } from '../domain/wire.js';

/** What a request leaves behind besides its canonical form; grows while it is read. */
export class ReadContext {
  /** Request fields without a canonical home. */
  readonly fields: Record<string, unknown> = {};
  readonly spelling: Record<string, string> = {};
  /** Signatures of calls, by the call's id, from the thinking blocks that carried them. */
  readonly callSignatures = new Map<string, Signature>();
  private readonly memberNames = new Set<string>();

  constructor(readonly seal: SignatureSeal) {}

  get members(): readonly string[] {
    return [...this.memberNames];
  }

  /** Members of a block, message or tool that nobody claims, for its `native`; noted as lost to other dialects. */
  rest(wire: Wire, known: ReadonlySet<string>, where: string): Wire | undefined {
    const rest = leftover(wire, known);
    for (const member in rest) {
      if (!isNothing(member, rest[member])) {
        this.memberNames.add(`${where}.${member}`);
      }
    }
    return rest;
  }
}

/** Clients send answers back with all their members, of which some say nothing. */
function isNothing(member: string, value: unknown): boolean {
  return (
    value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (member === 'caller' && (value as Wire)['type'] === 'direct')
  );
}
