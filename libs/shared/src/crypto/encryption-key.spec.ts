import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '../config/config.reader.js';
import { encryptionKey } from './encryption-key.js';

describe('the encryption key', () => {
  let dataDir: string;
  const kept = (): string => path.join(dataDir, 'encryption.key');
  const read = (env: Record<string, string> = {}): Buffer =>
    encryptionKey(readConfig({ AI_GATEWAY_DATA_DIR: dataDir, ...env }));

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'key-'));
  });

  afterEach(() => {
    rmSync(dataDir, { recursive: true });
  });

  it('is the configured one, and then nothing is written', () => {
    const key = Buffer.alloc(32, 5);

    expect(read({ AI_GATEWAY_SECURITY_ENCRYPTION_KEY: key.toString('base64') })).toEqual(key);
    expect(() => statSync(kept())).toThrow('ENOENT');
  });

  it('is made once and kept for nobody else to read', () => {
    const key = read();

    expect(key).toHaveLength(32);
    expect(read()).toEqual(key);
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    expect(readFileSync(kept(), 'utf8')).toBe(`${key.toString('base64')}\n`);
  });

  it.each(['', 'c2hvcnQ=\n', `${Buffer.alloc(31).toString('base64')}\n`])(
    'is not replaced when the file is damaged: %j',
    content => {
      writeFileSync(kept(), content);

      expect(() => read()).toThrow('encryption.key is damaged. Restore it');
      expect(readFileSync(kept(), 'utf8')).toBe(content);
    },
  );
});
