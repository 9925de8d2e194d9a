import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseFromTokenizer } from 'music-metadata';
import { InvalidRequestError } from '@app/shared';
import { fc } from '../../../../../test/support/properties.js';
import { BoundedFile } from './bounded-file.js';
import { inspectRecording, type Recording } from './recording.js';

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures');
const HELLO = readFileSync(path.resolve(import.meta.dirname, '../../../../../samples/hello.wav'));

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'recording-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string): Buffer => readFileSync(path.join(FIXTURES, name));

function inspect(content: Buffer): Promise<Recording> {
  const file = path.join(folder, 'upload');
  writeFileSync(file, content);
  return inspectRecording({ path: file, bytes: content.length });
}

const PCM_AT = 44;

/** Of a server that writes the sound as it comes, and does not yet know how long it gets. */
function openWav(): Buffer {
  const wav = Buffer.from(HELLO);
  wav.writeUInt32LE(0xffffffff, 4);
  wav.writeUInt32LE(0xffffffff, PCM_AT - 4);
  return wav;
}

function emptyWav(): Buffer {
  const wav = Buffer.from(HELLO.subarray(0, PCM_AT));
  wav.writeUInt32LE(0, PCM_AT - 4);
  return wav;
}

/** With another number in its head, of two bytes or of four. */
function wavSaying(at: number, value: number, bytes: 2 | 4 = 2): Buffer {
  const wav = Buffer.from(HELLO);
  wav.writeUIntLE(value, at, bytes);
  return wav;
}

const CHANNELS_AT = 22;
const RATE_AT = 24;
const BITS_AT = 34;

describe('a recording', () => {
  it.each([
    ['a.flac', 2.5],
    ['a.m4a', 2.564],
    ['a.ogg', 2.5],
    ['a.webm', 2.508],
    ['cbr.mp3', 2.592],
    ['frag.mp4', 2.564],
    ['live.webm', 2.501],
    ['vbr.mp3', 2.592],
    ['vorbis.ogg', 2.5],
  ])('tells its length: %s', async (name, seconds) => {
    const { seconds: found, isExact } = await inspect(fixture(name));

    expect(found).toBeCloseTo(seconds, 2);
    expect(isExact).toBe(true);
  });

  it.each(['a.aac', 'vbr-noxing.mp3'])('has it guessed by its beginning: %s', async name => {
    const { seconds, isExact } = await inspect(fixture(name));

    expect(seconds).toBeGreaterThan(1.5);
    expect(seconds).toBeLessThan(4);
    expect(isExact).toBe(false);
  });

  it('in WAV tells it by its samples, also where its header left that open', async () => {
    const seconds = expect.closeTo(1.695, 2) as unknown;

    await expect(inspect(HELLO)).resolves.toEqual({ seconds, isExact: true, mime: 'audio/wav' });
    await expect(inspect(openWav())).resolves.toEqual({ seconds, isExact: true, mime: 'audio/wav' });
  });

  it.each([
    ['AMR', Buffer.from('#!AMR\n<<<<<<<<<<<<<<<<'), 'audio/amr'],
    ['CAF', Buffer.from('caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20'), 'audio/x-caf'],
    ['a film of MPEG-1', Buffer.from('000001ba21000100018000', 'hex'), 'video/MP1S'],
    ['AU', Buffer.from('.snd\0\0\0\x18\0\0\0\0'), 'audio/basic'],
  ])('of a kind that nobody here measures is for the vendor to judge: %s', async (_, head, mime) => {
    const file = Buffer.concat([head, Buffer.alloc(5000)]);

    await expect(inspect(file)).resolves.toEqual({ seconds: null, isExact: false, mime });
  });

  it.each([
    ['0', 0],
    ['open', 0xffffffff],
    ['more than there is', 64_000_000],
    ['less than there is', 1000],
  ])('in WAV whose length is %s has that of its bytes', async (_, told) => {
    const wav = Buffer.from(HELLO);
    wav.writeUInt32LE(told, PCM_AT - 4);

    await expect(inspect(wav)).resolves.toMatchObject({
      seconds: (HELLO.length - PCM_AT) / 32_000,
      isExact: true,
    });
  });

  it('in WAV has none in the chunks before and behind its samples', async () => {
    const list = Buffer.concat([Buffer.from('LIST\x05\0\0\0INFOx\0', 'latin1')]);
    const first = HELLO.subarray(0, PCM_AT - 8);
    const wav = Buffer.concat([first, list, HELLO.subarray(PCM_AT - 8), list]);

    await expect(inspect(wav)).resolves.toMatchObject({ seconds: (HELLO.length - PCM_AT) / 32_000 });
  });

  it('in WAV that is compressed has samples of no bits, and goes by the bytes of a second', async () => {
    const wav = wavSaying(BITS_AT, 0);
    wav.writeUInt16LE(0x55, 20); // MP3
    wav.writeUInt32LE(4000, 28);

    await expect(inspect(wav)).resolves.toMatchObject({ seconds: (HELLO.length - PCM_AT) / 4000 });
  });

  it('in WAV may go on in a second chunk, as decoders do', async () => {
    const twice = Buffer.concat([HELLO, HELLO.subarray(PCM_AT - 8)]);

    await expect(inspect(twice)).resolves.toMatchObject({ seconds: (2 * (HELLO.length - PCM_AT)) / 32_000 });
  });

  it('in WAV of more than four gigabytes is known by its mark', async () => {
    const wav = openWav();
    wav.write('RF64');

    await expect(inspect(wav)).resolves.toMatchObject({ mime: 'audio/wav', isExact: true });
  });

  it('with a picture that nobody wants to read is none the worse', async () => {
    const picture = Buffer.alloc(2 * 1024 * 1024);
    const id3 = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1');
    [21, 14, 7, 0].forEach((shift, at) => id3.writeUInt8((picture.length >> shift) & 0x7f, 6 + at));

    await expect(inspect(Buffer.concat([id3, picture, fixture('cbr.mp3')]))).resolves.toMatchObject({
      mime: 'audio/mpeg',
    });
  });

  it('that claims to be shorter than it can be is not believed', async () => {
    const liar = Buffer.concat([fixture('a.webm'), Buffer.alloc(64 * 1024 * 1024)]);

    await expect(inspect(liar)).resolves.toMatchObject({ seconds: null });
  });
});

const noise = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251));
const riff = Buffer.concat([Buffer.from('RIFF\x10\0\0\0'), Buffer.alloc(100)]);

describe('a file that is no recording', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'The file is empty'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'The file is image/png'],
    ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n'), 'The file is application/pdf'],
    ['a page', Buffer.from('<html><body>Sign in</body></html>'), 'The file is text'],
    ['a film without sound', fixture('silent.mp4'), 'has no sound'],
    ['a WAV with no sample', emptyWav(), 'has no sound'],
    ['no more than the mark of a FLAC', Buffer.from('fLaC'), /^The file \((?!undefined|null)/],
    ['noise', noise, /^The file starts with 00 8a 19 [0-9a-f ]+, as no sound of a kind known does\. Send/],
    ['zeros', Buffer.alloc(5000), 'The file starts with 00 00 00 00 00 00 00 00, as no sound'],
    ['a RIFF of nothing', riff, 'The file starts with 52 49 46 46 10 00 00 00 \\("RIFF"\\), as'],
    ['notes', Buffer.from('MThd\0\0\0\x06\0\x01\0\x01\0\x60'), 'The file is audio/midi'],
    ['no more than the mark of an Ogg', Buffer.from('OggS\0\x02'), /^The file/],
    ['an Ogg of nothing', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(200)]), 'breaks off'],
    ['an Ogg cut within its head', fixture('vorbis.ogg').subarray(0, 200), 'breaks off'],
    ['an Ogg cut behind its head', fixture('a.ogg').subarray(0, 200), 'breaks off'],
    ['a WAV cut within its head', HELLO.subarray(0, 30), 'breaks off'],
    ['a WAV cut behind its head', HELLO.subarray(0, PCM_AT), 'has no sound'],
    [
      'a WAV of no channel',
      wavSaying(CHANNELS_AT, 0),
      /no sound in it \(channels: 0, bits: 16, Hz: 16000\)\. Send/,
    ],
    ['a WAV of no rate', wavSaying(RATE_AT, 0, 4), /channels: 1, bits: 16, Hz: 0/],
    ['a WAV of no bits', wavSaying(BITS_AT, 0), /channels: 1, bits: 0, Hz: 16000/],
    ['an M4A cut within its head', fixture('a.m4a').subarray(0, 200), 'breaks off'],
    ['an MP3 cut within its head', fixture('cbr.mp3').subarray(0, 40), 'breaks off'],
    ['a WebM cut within its head', fixture('a.webm').subarray(0, 200), 'has no sound'],
  ])('is refused: %s', async (_what, content, why) => {
    const refused: unknown = await inspect(content).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(InvalidRequestError);
    expect(refused).toMatchObject({ status: 400, param: 'file', message: expect.stringMatching(why) });
  });
});

describe('a file that has its parser go on and on', () => {
  /** Clusters of nothing, of which each is one more thing to read. */
  const endless = Buffer.concat([
    fixture('live.webm').subarray(0, 300),
    Buffer.alloc(1024 * 1024, Buffer.from([0x1f, 0x43, 0xb6, 0x75, 0x80])),
  ]);

  it('is read no more than any recording', async () => {
    const file = path.join(folder, 'endless');
    writeFileSync(file, endless);
    const handle = await open(file);
    const bounded = new BoundedFile(handle, endless.length);
    await expect(parseFromTokenizer(bounded)).rejects.toThrow('more than any recording');
    await handle.close();

    expect(bounded.reads).toBeLessThanOrEqual(2001);
    await expect(inspect(endless)).resolves.toMatchObject({ seconds: null, isExact: false });
  });

  it('or at once', async () => {
    const handle = await open(path.join(folder, 'endless'));
    const reading = new BoundedFile(handle, endless.length).readBuffer(new Uint8Array(5 * 1024 * 1024));

    await expect(reading).rejects.toThrow('more than any recording');
    await handle.close();
  });
});

it('no file breaks it: what is not refused has a length, or none', async () => {
  const names = readdirSync(FIXTURES);
  const edits = fc.array(
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.uint8Array({ maxLength: 12 })),
    {
      maxLength: 12,
    },
  );
  const cut = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), edits, cut, async (name, changes, kept) => {
      const bytes = fixture(name);
      for (const [where, change] of changes) {
        bytes.set(change.subarray(0, bytes.length), Math.floor(where ** 3 * (bytes.length - change.length)));
      }
      const found = await inspect(bytes.subarray(0, Math.ceil(kept * bytes.length))).catch(
        (error: unknown) => error,
      );
      if (found instanceof InvalidRequestError) {
        expect(found.param).toBe('file');
        return;
      }
      const { seconds } = found as Recording;
      expect(seconds === null || (seconds > 0 && Number.isFinite(seconds))).toBe(true);
    }),
  );
});
