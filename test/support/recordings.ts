import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One HTTP exchange with a real vendor. `body` is parsed JSON, or the raw text of an event stream. */
export interface RecordedCall {
  readonly vendor: string;
  readonly method: string;
  readonly url: string;
  readonly request_headers: Readonly<Record<string, string>>;
  readonly request: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const root = process.env['RECORDINGS_DIR'] ?? path.resolve(import.meta.dirname, '../../../shared/recordings');

/** One WebSocket message of a session with a real vendor. */
export interface RecordedFrame {
  readonly direction: 'sent' | 'received';
  readonly data: Readonly<Record<string, unknown>>;
}

type Named<T> = readonly (readonly [name: string, recorded: T])[];

/** Recordings of real vendor traffic, by wire format. */
export function recordings(folder: string): (readonly [name: string, calls: readonly RecordedCall[]])[] {
  return readAll<{ calls: RecordedCall[] }>(folder).map(([name, { calls }]) => [name, calls]);
}

/** Recorded WebSocket sessions. */
export function recordedSessions(): Named<readonly RecordedFrame[]> {
  return readAll<{ frames: RecordedFrame[] }>('realtime').map(([name, { frames }]) => [name, frames]);
}

/**
 * The recordings are no part of the repository; where they are absent this says so loudly and gives none, and with
 * CI=true it fails.
 */
function readAll<T>(folder: string): Named<T> {
  const directory = path.join(root, folder);
  if (!existsSync(directory)) {
    if (process.env['CI'] === 'true') {
      throw new Error(`No recordings in ${directory}; set RECORDINGS_DIR.`);
    }
    process.stderr.write(
      `\n*** recordings/${folder}: NOT RUN (no folder ${directory}; set RECORDINGS_DIR) ***\n\n`,
    );
    return [];
  }
  return readdirSync(directory)
    .filter(name => name.endsWith('.json'))
    .toSorted()
    .map(name => [name, JSON.parse(readFileSync(path.join(directory, name), 'utf8')) as T]);
}
