import { stringOr, type Wire } from '../domain/wire.js';

/** Calls of tools that have no results yet. */
export class KeptCalls {
  /** Names, by id. */
  private readonly open = new Map<string, string>();
  /** Those of them that only an earlier connection knows. */
  private readonly foreign = new Set<string>();

  get any(): boolean {
    return this.open.size > 0;
  }

  add(id: string, name: string): void {
    this.open.set(id, name);
  }

  withdraw(ids: readonly string[]): void {
    ids.forEach(id => this.open.delete(id));
  }

  /** The connection that they were made in is gone. */
  leave(): void {
    this.open.forEach((_, id) => this.foreign.add(id));
  }

  /** @param results as Google takes them @returns in words, too: a connection that does not know the calls is told those */
  answered(results: readonly Wire[]): { readonly turns: readonly Wire[]; readonly isForeign: boolean } {
    const isForeign = results.some(({ id }) => this.foreign.has(stringOr(id, '')));
    const turns = results.map(({ id, name, response }) => {
      const called = this.open.get(stringOr(id, '')) ?? stringOr(name, 'The function');
      const text = `(${called} has answered: ${JSON.stringify(response ?? {})})`;
      return { role: 'user', parts: [{ text }] };
    });
    for (const { id } of results) {
      this.open.delete(stringOr(id, ''));
      this.foreign.delete(stringOr(id, ''));
    }
    return { turns, isForeign };
  }
}
