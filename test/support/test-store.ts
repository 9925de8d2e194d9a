import { rmSync } from 'node:fs';
import path from 'node:path';
import { dropInMongo, MONGODB_TEST_URI, mongoEnvironment } from './databases.js';

/** End-to-end tests run on SQLite, and on MongoDB with `TEST_STORE=mongodb` (and a server at `MONGODB_TEST_URI`). */
export const ON_MONGODB = process.env['TEST_STORE'] === 'mongodb';

/** The settings of a gateway with that data folder: a new store for a new folder, else the one it had. */
export function storeEnvironment(dataDir: string): Record<string, string> {
  return ON_MONGODB
    ? mongoEnvironment(serverUri(), path.basename(dataDir))
    : { AI_GATEWAY_DATABASE_URL: `sqlite:${path.join(dataDir, 'gateway.db')}` };
}

/** Removes the data folder of a gateway that has ended, and its store. */
export async function removeData(dataDir: string): Promise<void> {
  if (ON_MONGODB) {
    await dropInMongo(serverUri(), path.basename(dataDir));
  }
  rmSync(dataDir, { recursive: true, force: true });
}

function serverUri(): string {
  if (MONGODB_TEST_URI === undefined) {
    throw new Error('TEST_STORE=mongodb needs a server: run the tests through `npm run stores -- …`.');
  }
  return MONGODB_TEST_URI;
}
