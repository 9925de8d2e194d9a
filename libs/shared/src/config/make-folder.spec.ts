import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from './config.error.js';
import { isOpenToOthers, makeFolder } from './make-folder.js';

describe('a folder that a setting names', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'folder-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is made with those above it, for nobody else to enter', () => {
    makeFolder(path.join(root, 'a/b'), 'X');
    makeFolder(path.join(root, 'a/b'), 'X');

    expect(statSync(path.join(root, 'a/b')).mode & 0o777).toBe(0o700);
  });

  it.each([
    [0o700, false],
    [0o750, true],
    [0o701, true],
  ])('of mode %o is open to others: %s', (mode, isOpen) => {
    chmodSync(root, mode);

    expect(isOpenToOthers(root)).toBe(isOpen);
  });

  it('names the setting when a file is in its place, or it cannot be made', () => {
    const file = path.join(root, 'file');
    writeFileSync(file, '');

    expect(() => makeFolder(file, 'AI_GATEWAY_DATA_DIR')).toThrow(ConfigError);
    expect(() => makeFolder(path.join(file, 'inside'), 'AI_GATEWAY_DATA_DIR')).toThrow(
      /^AI_GATEWAY_DATA_DIR .*ENOTDIR/,
    );
    expect(() => makeFolder('/proc/nobody/here', 'AI_GATEWAY_DATA_DIR')).toThrow(/^AI_GATEWAY_DATA_DIR /);
  });
});
