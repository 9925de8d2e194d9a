import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Database, openDatabase } from '@app/shared';

/** A new, empty store. The suite closes it. */
export type OpenDatabase = () => Promise<Database>;

/** Every store that a contract suite runs on. The names say which server really answers. */
export function databases(): [name: string, open: OpenDatabase][] {
  const { server } = openInMemory();
  return [
    [`${server} in memory`, async () => openInMemory()],
    [`${server} in a file`, async () => openInFile()],
  ];
}

/** The embedded store, for specs that need any store. */
export function openInMemory(): Database {
  return openDatabase('sqlite::memory:');
}

function openInFile(): Database {
  const folder = mkdtempSync(path.join(tmpdir(), 'llm-hub-'));
  const database = openDatabase(`sqlite:${path.join(folder, 'gateway.db')}`);
  return {
    ...database,
    close: async () => {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
