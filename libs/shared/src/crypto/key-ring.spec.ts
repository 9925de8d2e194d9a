import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encryptionKey, encryptionKeyBytes } from '../../../../test/support/encryption-key.js';
import { readConfig } from '../config/config.reader.js';
import { keyRing } from './key-ring.js';
import { RingKey } from './ring-key.js';

describe('the key ring', () => {
  let dataDir: string;
  const kept = (): string => path.join(dataDir, 'encryption.key');
  const read = (env: Record<string, string> = {}): RingKey[] =>
    keyRing(readConfig({ AI_GATEWAY_DATA_DIR: dataDir, ...env }));

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'key-'));
  });

  afterEach(() => {
    rmSync(dataDir, { recursive: true });
  });

  it('has the configured key, and then nothing is written', () => {
    const key = encryptionKeyBytes(5);

    expect(read({ AI_GATEWAY_SECURITY_ENCRYPTION_KEY: key.toString('base64') })).toEqual([new RingKey(key)]);
    expect(() => statSync(kept())).toThrow('ENOENT');
  });

  it('has the keys with names first, in their order, and the single one last', () => {
    const [one, two, three] = [1, 2, 3].map(encryptionKey);
    const ring = read({
      AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${one}, 2026:${two}`,
      AI_GATEWAY_SECURITY_ENCRYPTION_KEY: String(three),
    });

    expect(ring.slice(0, 2).map(({ id }) => id)).toEqual(['2027', '2026']);
    expect(ring).toEqual([
      new RingKey(encryptionKeyBytes(1), '2027'),
      new RingKey(encryptionKeyBytes(2), '2026'),
      new RingKey(encryptionKeyBytes(3)),
    ]);
    expect(() => statSync(kept())).toThrow('ENOENT');
  });

  it('has a key that is made once and kept for nobody else to read', () => {
    const ring = read();

    expect(ring).toHaveLength(1);
    expect(read()).toEqual(ring);
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    expect(ring).toEqual([new RingKey(Buffer.from(readFileSync(kept(), 'utf8'), 'base64'))]);
  });

  it.each(['', 'c2hvcnQ=\n', ...[31, 32].map(length => `${Buffer.alloc(length).toString('base64')}\n`)])(
    'does not replace a key when its file is damaged: %j',
    content => {
      writeFileSync(kept(), content);

      expect(() => read()).toThrow('encryption.key is damaged. Restore it');
      expect(readFileSync(kept(), 'utf8')).toBe(content);
    },
  );
});
