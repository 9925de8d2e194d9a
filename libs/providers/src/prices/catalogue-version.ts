import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Release of the bundled price list, e.g. `0.1.8`. Its package lets nobody import its `package.json`. */
export const CATALOGUE_VERSION = readVersion();

function readVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@pydantic/genai-prices');
  const { version } = JSON.parse(readFileSync(path.join(entry, '../../package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
