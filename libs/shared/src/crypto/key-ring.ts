import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Config } from '../config/config.js';
import { ConfigError } from '../config/config.error.js';
import { isPlaceholder, RingKey } from './ring-key.js';

/**
 * The configured keys, the active one first: those with a name, then the single one. Outside production, where none is
 * configured, one that is kept in the data folder (made on the first start, mode 0600).
 *
 * @throws ConfigError when the kept key is damaged; a new one would make every stored secret unreadable
 */
export function keyRing({ encryptionKeys, encryptionKey, dataDir }: Config): RingKey[] {
  const ring = encryptionKeys.map(entry => {
    const [id, key = ''] = entry.split(':');
    return new RingKey(Buffer.from(key, 'base64'), id);
  });
  if (encryptionKey) {
    ring.push(new RingKey(Buffer.from(encryptionKey, 'base64')));
  }
  return ring.length > 0 ? ring : [new RingKey(keptKey(dataDir))];
}

function keptKey(dataDir: string): Buffer {
  const file = path.join(dataDir, 'encryption.key');
  if (!existsSync(file)) {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32 || isPlaceholder(key)) {
    throw new ConfigError(file, 'is damaged. Restore it, or set AI_GATEWAY_SECURITY_ENCRYPTION_KEY.');
  }
  return key;
}
