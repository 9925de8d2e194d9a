import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileHash } from './file-hash.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'file-hash-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(bytes: Buffer): string {
  const file = path.join(folder, 'recording');
  writeFileSync(file, bytes);
  return file;
}

describe('the hash of a file', () => {
  it('is that of its bytes, as everybody makes it', async () => {
    await expect(fileHash(fileWith(Buffer.from('abc')))).resolves.toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('lets others have their turns while a large file is read', async () => {
    const bytes = Buffer.alloc(25 * 1024 * 1024, 'sound');
    const hashing = fileHash(fileWith(bytes));
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const made = await hashing;
    clearInterval(counting);

    expect(made).toBe(hash('sha256', bytes));
    expect(turns).toBeGreaterThan(5);
  });

  it('fails where there is no file', async () => {
    await expect(fileHash(path.join(folder, 'none'))).rejects.toThrow('ENOENT');
  });
});
