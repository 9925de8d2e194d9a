import { createHash } from 'node:crypto';
import { RingKey } from './ring-key.js';
import { LostEncryptionKeyError, newKey, sameSecret, Secrets } from './secrets.js';

const first = Buffer.alloc(32, 1);
const second = Buffer.alloc(32, 2);
const secrets = new Secrets([new RingKey(first)]);
const others = new Secrets([new RingKey(second)]);

describe('Secrets', () => {
  it('opens what it sealed, any text', () => {
    for (const plain of ['', 'sk-live-1', 'ключ 🔑', 'x'.repeat(5000)]) {
      expect(secrets.decrypt(secrets.encrypt(plain, 'record'), 'record')).toBe(plain);
    }
  });

  it('opens bytes that are no text', () => {
    const bytes = Buffer.from([0, 255, 10, 128]);

    expect(secrets.decryptBytes(secrets.encrypt(bytes, 'record'), 'record')).toEqual(bytes);
  });

  it('says in the envelope which key it needs, and nothing of the secret', () => {
    const envelope = secrets.encrypt('sk-live-1', 'record');

    expect(envelope).toMatch(/^v1\.[0-9a-f]{8}\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(envelope.split('.')[2] ?? '', 'base64url').includes('sk-live-1')).toBe(false);
    expect(secrets.encrypt('sk-live-1', 'record')).not.toBe(envelope);
    expect(envelope.split('.')[1]).not.toBe(others.encrypt('sk-live-1', 'record').split('.')[1]);
  });

  it('has a key for the cache, which is another one with another encryption key', () => {
    expect(secrets.cacheKey).toHaveLength(32);
    expect(new Secrets([new RingKey(first), new RingKey(second)]).cacheKey).toEqual(secrets.cacheKey);
    expect(others.cacheKey).not.toEqual(secrets.cacheKey);
    expect(secrets.cacheKey).not.toEqual(first);
  });

  it('does not open an envelope that was moved to another record', () => {
    const envelope = secrets.encrypt('sk-live-1', 'record-a');

    expect(() => secrets.decrypt(envelope, 'record-b')).toThrow();
  });

  it('does not open an envelope of another key, an altered or a cut one', () => {
    const envelope = secrets.encrypt('sk-live-1', 'record');
    const [version, keyId, payload = ''] = envelope.split('.');
    const bytes = Buffer.from(payload, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(13) ^ 1, 13);

    expect(() => others.decrypt(envelope, 'record')).toThrow(
      `encrypted with the key '${keyId}', which is not in the key ring`,
    );
    expect(() => secrets.decrypt(`${version}.${keyId}.${bytes.toString('base64url')}`, 'record')).toThrow();
    expect(() => secrets.decrypt(envelope.slice(0, -8), 'record')).toThrow();
    expect(() => secrets.decrypt(`${version}.${keyId}.`, 'record')).toThrow();
    expect(() => secrets.decrypt('', 'record')).toThrow();
  });

  it('does not accept a shortened tag', () => {
    const [version, keyId, payload = ''] = secrets.encrypt('', 'record').split('.');
    const cut = Buffer.from(payload, 'base64url')
      .subarray(0, 12 + 4)
      .toString('base64url');

    expect(() => secrets.decrypt(`${version}.${keyId}.${cut}`, 'record')).toThrow();
  });

  it('hashes with its key, so that a stolen table is of no use', () => {
    const hash = secrets.hash('pk_1');

    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(secrets.hash('pk_1')).toBe(hash);
    expect(secrets.hash('pk_2')).not.toBe(hash);
    expect(others.hash('pk_1')).not.toBe(hash);
    expect(hash).not.toBe(createHash('sha256').update('pk_1').digest('hex'));
  });

  it('seals with another key than it hashes', () => {
    expect(Buffer.from(secrets.mac('text'), 'base64url').toString('hex')).not.toBe(secrets.hash('text'));
  });
});

describe('a key ring', () => {
  const ring = new Secrets([new RingKey(second, '2027'), new RingKey(first)]);

  it('seals with the first key, and opens with all', () => {
    const old = secrets.encrypt('sk-live-1', 'record');

    expect(ring.encrypt('sk-live-1', 'record')).toMatch(/^v1\.2027\./);
    expect(ring.decrypt(ring.encrypt('sk-live-1', 'record'), 'record')).toBe('sk-live-1');
    expect(ring.decrypt(old, 'record')).toBe('sk-live-1');
    expect([ring.isCurrent(old), ring.isCurrent(ring.encrypt('', 'record'))]).toEqual([false, true]);
    expect(ring.activeKeyId).toBe('2027');
  });

  it('finds a key by its bytes after the operator gave it a name', () => {
    const named = new Secrets([new RingKey(second, 'new'), new RingKey(first, 'old')]);

    expect(named.decrypt(secrets.encrypt('sk-live-1', 'record'), 'record')).toBe('sk-live-1');
  });

  it('names the key that is lost', () => {
    const envelope = ring.encrypt('sk-live-1', 'record');

    expect(() => secrets.decrypt(envelope, 'record')).toThrow(LostEncryptionKeyError);
    expect(() => secrets.decrypt(envelope, 'record')).toThrow("'2027'");
  });

  it('hashes with every key, the active one first', () => {
    expect(ring.hashes('pk_1')).toEqual([others.hash('pk_1'), secrets.hash('pk_1')]);
    expect(ring.hash('pk_1')).toBe(others.hash('pk_1'));
  });

  it('knows its own seals, old ones too', () => {
    expect(ring.mac('text')).toBe(others.mac('text'));
    expect(ring.verify('text', secrets.mac('text'))).toBe(true);
    expect(ring.verify('text', ring.mac('text'))).toBe(true);
    expect(others.verify('text', secrets.mac('text'))).toBe(false);
    expect(ring.verify('other text', ring.mac('text'))).toBe(false);
  });

  it('is never empty', () => {
    expect(() => new Secrets([])).toThrow('no encryption key');
  });
});

describe('keys', () => {
  it('are new each time, with 192 random bits', () => {
    expect(newKey('pk')).toMatch(/^pk_[0-9a-f]{48}$/);
    expect(newKey('pk')).not.toBe(newKey('pk'));
  });

  it('are compared whole', () => {
    expect(sameSecret('abc', 'abc')).toBe(true);
    expect(sameSecret('abc', 'abd')).toBe(false);
    expect(sameSecret('abc', 'abcd')).toBe(false);
    expect(sameSecret('', '')).toBe(true);
  });
});
