/** What is known of an uploaded recording. */
export interface Recording {
  readonly name: string;
  readonly bytes: number;
  readonly seconds: number;
}

/** How much of a file is looked at: a WAV header lies well within. */
export const HEADER_BYTES = 4096;

/** Of compressed audio, of which no header is read: 128 kbit/s. */
const ASSUMED_BYTES_PER_SECOND = 16_000;

export function describeRecording(name: string, bytes: number, header: Buffer): Recording {
  return { name, bytes, seconds: wavSeconds(header, bytes) ?? bytes / ASSUMED_BYTES_PER_SECOND };
}

function wavSeconds(header: Buffer, fileBytes: number): number | undefined {
  if (header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8, 12) !== 'WAVE') {
    return undefined;
  }
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= header.length;) {
    const name = header.toString('latin1', at, at + 4);
    const size = header.readUInt32LE(at + 4);
    if (name === 'fmt ' && at + 20 <= header.length) {
      bytesPerSecond = header.readUInt32LE(at + 16);
    }
    if (name === 'data' && bytesPerSecond > 0) {
      // Writers that stream leave the size open; the file's own tells then.
      const rest = fileBytes - at - 8;
      return (size === 0 ? rest : Math.min(size, rest)) / bytesPerSecond;
    }
    at += 8 + size + (size % 2);
  }
  return undefined;
}
