import { readFileSync } from 'node:fs';
import { ConfigError, isObject } from '@app/shared';

/** What an operator's file says, none of it checked. */
export type Entry = Readonly<Record<string, unknown>>;

/**
 * A JSON file of the operator's, by model.
 *
 * @param variable that names the file
 * @throws ConfigError when it cannot be read, or is something else
 */
export function readModelsFile(variable: string, file: string): Entry {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ConfigError(
      variable,
      'names a file that cannot be read as JSON. Correct the path or the file.',
    );
  }
  if (!isObject(content)) {
    throw new ConfigError(variable, 'names a file that is not a JSON object of models.');
  }
  return content;
}
