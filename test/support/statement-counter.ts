import type { SqlDatabase } from '@app/shared';
import type { KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs } from 'kysely';

/** Counts what is asked of a store. */
export class StatementCounter implements KyselyPlugin {
  private count = 0;

  /** The same store, counted. */
  watch(database: SqlDatabase): SqlDatabase {
    return { ...database, sql: database.sql.withPlugin(this) };
  }

  /** How many statements `work` sent. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.count;
    await work();
    return this.count - before;
  }

  transformQuery({ node }: PluginTransformQueryArgs): PluginTransformQueryArgs['node'] {
    this.count += 1;
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<typeof result> {
    return result;
  }
}
