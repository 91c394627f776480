import * as nodeFs from 'node:fs';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FileSystem, nodeFiles } from '../../src/adapters/files.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerwise-files-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (name: string, content: string | Uint8Array = 'FROM a\n') => writeFileSync(join(root, name), content);
const get = (name: string) => readFileSync(join(root, name), 'utf8');
const read = (name: string, fs?: FileSystem) => nodeFiles(root, fs).read(name);
const systemError = (code: string) => Object.assign(new Error(code), { code });

describe('reading', () => {
  test('text', () => {
    put('Dockerfile', '\ufeffFROM a\r\n');
    expect(read('Dockerfile')).toEqual({ text: '\ufeffFROM a\r\n', utf8: true });
  });

  test('an empty file is a text', () => {
    put('Dockerfile', '');
    expect(read('Dockerfile')).toEqual({ text: '', utf8: true });
  });

  test('bytes that are not UTF-8', () => {
    put('Dockerfile', Uint8Array.of(0x46, 0xff));
    expect(read('Dockerfile')).toEqual({ text: 'F\udcff', utf8: false });
  });

  test('a file that does not exist', () => {
    expect(read('Dockerfile')).toEqual({
      file: 'Dockerfile',
      is: 'failed',
      says: 'does not exist',
      help: 'check the path',
    });
  });

  test('a directory', () => {
    mkdirSync(join(root, 'Dockerfile'));
    expect(read('Dockerfile')).toMatchObject({ is: 'failed', says: 'is a directory' });
  });

  test('a file that may not be read', () => {
    put('Dockerfile');
    const fs: FileSystem = {
      ...nodeFs,
      openSync: () => {
        throw systemError('EACCES');
      },
    };
    expect(read('Dockerfile', fs)).toMatchObject({ is: 'failed', says: 'cannot be read: permission denied' });
  });

  test('a device', () => {
    expect(nodeFiles('/').read('dev/zero')).toMatchObject({ is: 'failed', says: 'is not a regular file' });
  });

  test('a binary file', () => {
    put('Dockerfile', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 1));
    expect(read('Dockerfile')).toMatchObject({ is: 'failed', says: 'is a binary file' });
  });

  test('a file as Windows tools write it by default', () => {
    put('Dockerfile', Buffer.from('\ufeffFROM a\r\n', 'utf16le'));
    expect(read('Dockerfile')).toMatchObject({
      says: 'is UTF-16, which BuildKit does not read',
      help: 'save it as UTF-8',
    });
  });

  test('10 MB are read, more than 16 MB are not', () => {
    put('big', Buffer.alloc(10 * 1024 * 1024, '# x\n'));
    expect(read('big')).toMatchObject({ utf8: true });
    put('bigger', Buffer.alloc(16 * 1024 * 1024 + 1, '# x\n'));
    expect(read('bigger')).toMatchObject({ is: 'failed', says: 'is larger than 16 MB' });
  });

  test('a file that changes once while it is read is read again', () => {
    put('Dockerfile', 'FROM old\n');
    let reads = 0;
    const fs: FileSystem = {
      ...nodeFs,
      readSync: ((...args: Parameters<typeof nodeFs.readSync>) => {
        reads += 1;
        if (reads === 1) put('Dockerfile', 'FROM newer\n');
        return nodeFs.readSync(...args);
      }) as typeof nodeFs.readSync,
    };
    expect(read('Dockerfile', fs)).toEqual({ text: 'FROM newer\n', utf8: true });
  });

  test('a file that keeps changing', () => {
    put('Dockerfile', 'FROM a\n');
    let reads = 0;
    const fs: FileSystem = {
      ...nodeFs,
      readSync: ((...args: Parameters<typeof nodeFs.readSync>) => {
        if (Number(args[2]) === 0) put('Dockerfile', 'x'.repeat(100 + reads++));
        return nodeFs.readSync(...args);
      }) as typeof nodeFs.readSync,
    };
    expect(read('Dockerfile', fs)).toMatchObject({ is: 'failed', says: 'keeps changing while it is read' });
  });
});

describe('replacing', () => {
  const replace = (changes: Parameters<ReturnType<typeof nodeFiles>['replace']>[0], fs?: FileSystem) =>
    nodeFiles(root, fs).replace(changes);

  test('keeps mode and bytes that it did not change', () => {
    put('Dockerfile', 'FROM a\r\n# \xff');
    chmodSync(join(root, 'Dockerfile'), 0o640);
    const bytes = Buffer.concat([Buffer.from('FROM a\r\n# '), Buffer.of(0xff)]);
    writeFileSync(join(root, 'Dockerfile'), bytes);
    expect(replace([{ file: 'Dockerfile', was: 'FROM a\r\n# \udcff', text: 'FROM b\r\n# \udcff' }])).toBeUndefined();
    expect(readFileSync(join(root, 'Dockerfile'))).toEqual(
      Buffer.concat([Buffer.from('FROM b\r\n# '), Buffer.of(0xff)]),
    );
    expect(statSync(join(root, 'Dockerfile')).mode & 0o7777).toBe(0o640);
    expect(readdirSync(root)).toEqual(['Dockerfile']);
  });

  test.skipIf(process.getuid?.() !== 0)('keeps the owner', () => {
    put('Dockerfile');
    nodeFs.chownSync(join(root, 'Dockerfile'), 1234, 2345);
    expect(replace([{ file: 'Dockerfile', was: 'FROM a\n', text: 'FROM b\n' }])).toBeUndefined();
    expect(statSync(join(root, 'Dockerfile'))).toMatchObject({ uid: 1234, gid: 2345 });
  });

  test('refuses a file that changed since it was read, and then writes none of the group', () => {
    put('one');
    put('two', 'somebody else\n');
    expect(
      replace([
        { file: 'one', was: 'FROM a\n', text: 'FROM b\n' },
        { file: 'two', was: 'FROM a\n', text: 'FROM b\n' },
      ]),
    ).toEqual({ file: 'two', is: 'failed', says: 'changed since it was read', help: 'nothing was written; run again' });
    expect(get('one')).toBe('FROM a\n');
    expect(readdirSync(root).sort()).toEqual(['one', 'two']);
  });

  test('a file that vanished', () => {
    expect(replace([{ file: 'gone', was: 'FROM a\n', text: 'FROM b\n' }])).toMatchObject({
      file: 'gone',
      is: 'failed',
    });
    expect(readdirSync(root)).toEqual([]);
  });

  test('creates, but never over a file', () => {
    expect(replace([{ file: 'new', was: null, text: '.git\n', mode: 0o755 }])).toBeUndefined();
    expect(get('new')).toBe('.git\n');
    expect(statSync(join(root, 'new')).mode & 0o777).toBe(0o755);
    expect(replace([{ file: 'new', was: null, text: 'other\n' }])).toMatchObject({ says: 'exists already' });
    expect(get('new')).toBe('.git\n');
  });

  test('when the second rename fails the first is undone', () => {
    put('one');
    put('two');
    let renames = 0;
    const fs: FileSystem = {
      ...nodeFs,
      renameSync(from, to) {
        renames += 1;
        if (renames === 2) throw systemError('EACCES');
        nodeFs.renameSync(from, to);
      },
    };
    expect(
      replace(
        [
          { file: 'one', was: 'FROM a\n', text: 'FROM b\n' },
          { file: 'two', was: 'FROM a\n', text: 'FROM b\n' },
        ],
        fs,
      ),
    ).toEqual({ file: 'two', is: 'failed', says: 'cannot be written: permission denied', help: 'nothing was written' });
    expect(get('one')).toBe('FROM a\n');
    expect(get('two')).toBe('FROM a\n');
    expect(readdirSync(root).sort()).toEqual(['one', 'two']);
  });

  test('a full disk leaves nothing behind', () => {
    put('one');
    const fs: FileSystem = {
      ...nodeFs,
      writeSync: (() => {
        throw systemError('ENOSPC');
      }) as typeof nodeFs.writeSync,
    };
    expect(replace([{ file: 'one', was: 'FROM a\n', text: 'FROM b\n' }], fs)).toMatchObject({
      says: 'cannot be written: ENOSPC',
    });
    expect(readdirSync(root)).toEqual(['one']);
  });

  test('a link inside of the project is written through', () => {
    mkdirSync(join(root, 'docker'));
    put('docker/Dockerfile');
    symlinkSync('docker/Dockerfile', join(root, 'Dockerfile'));
    expect(replace([{ file: 'Dockerfile', was: 'FROM a\n', text: 'FROM b\n' }])).toBeUndefined();
    expect(get('docker/Dockerfile')).toBe('FROM b\n');
    expect(nodeFs.lstatSync(join(root, 'Dockerfile')).isSymbolicLink()).toBe(true);
  });

  test('a link out of the project is not', () => {
    const outside = mkdtempSync(join(tmpdir(), 'layerwise-outside-'));
    try {
      writeFileSync(join(outside, 'Dockerfile'), 'FROM a\n');
      symlinkSync(join(outside, 'Dockerfile'), join(root, 'Dockerfile'));
      expect(replace([{ file: 'Dockerfile', was: 'FROM a\n', text: 'FROM b\n' }])).toMatchObject({ is: 'failed' });
      expect(readFileSync(join(outside, 'Dockerfile'), 'utf8')).toBe('FROM a\n');
      expect(existsSync(join(root, 'Dockerfile'))).toBe(true);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });
});
