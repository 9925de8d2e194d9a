import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type BuiltGateway, startBuiltGateway } from './support/built-gateway.js';
import { eventually } from './support/eventually.js';
import { sendGigabyte, type Told, type Upload } from './support/gigabyte.js';
import { forgetPeak, peakBytes, residentBytes, TELLS_MEMORY } from './support/memory.js';
import { statusesOf } from './support/raw-request.js';

const MIB = 1024 * 1024;
const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
/** What a file may have, and the rest of its form. */
const [LIMIT, ROOM] = [25 * MIB, 2 * MIB];
/** What the system and the two sockets hold between sender and gateway. */
const ON_THE_WAY = 16 * MIB;
/** By how much the gateway may grow meanwhile: what it reads at once, and what waits to be collected. */
const MOST_GROWTH = 128 * MIB;
const TOGETHER = 8;

const FILE = 'name="file"; filename="a.wav"\r\ncontent-type: audio/wav';
const PATHS = ['/v1/audio/transcriptions', '/v1/audio/transcribe', '/v1/audio/translations'];
const WAYS = [
  ['announced', true],
  ['in chunks', false],
] as const;

let gateway: BuiltGateway;

beforeAll(async () => {
  gateway = await startBuiltGateway();
});
afterEach(async () => {
  await eventually(() => expect(readdirSync(path.join(gateway.dataDir, 'tmp'))).toEqual([]));
  expect(await hello()).toBe(200);
});
afterAll(() => gateway?.stop());

function send(wishes: Partial<Upload>): Promise<Told> {
  const { url, projectKey: key } = gateway;
  const usual = { path: PATHS[0] ?? '', isAnnounced: false, part: FILE, goesOn: false };
  return sendGigabyte({ url, key, ...usual, ...wishes });
}

/** An ordinary call. */
async function hello(): Promise<number> {
  const body = new FormData();
  body.append('model', 'whisper-1');
  body.append('file', new File([new Uint8Array(HELLO)], 'hello.wav', { type: 'audio/wav' }));
  const headers = { authorization: `Bearer ${gateway.projectKey}` };
  return (await fetch(gateway.url + PATHS[0], { method: 'POST', headers, body })).status;
}

function expectRefusal(answer: string): void {
  const [, body = ''] = answer.split('\r\n\r\n');
  expect(statusesOf(answer)).toEqual([413]);
  expect(JSON.parse(body)).toEqual({
    error: {
      message: expect.stringContaining(`The file is larger than ${LIMIT} bytes.`) as unknown,
      type: 'invalid_request_error',
      code: 'file_too_large',
      param: 'file',
    },
  });
}

describe('a gigabyte instead of a recording', () => {
  it.each(PATHS)('is refused by its announced length, before any of it is asked for (%s)', async at => {
    const { answer, sentBytes } = await send({ path: at, isAnnounced: true });

    expectRefusal(answer);
    expect(sentBytes).toBeLessThan(ON_THE_WAY);
  });

  it.each(PATHS)('is refused as soon as it is too long, when it comes in chunks (%s)', async at => {
    const { answer, sentBytes } = await send({ path: at });

    expectRefusal(answer);
    expect(sentBytes).toBeGreaterThan(LIMIT);
    expect(sentBytes).toBeLessThan(LIMIT + ON_THE_WAY);
  });

  it.each([
    ['in a field for something else', 'name="recording"; filename="a.wav"'],
    ['as a text', 'name="prompt"'],
    ['in a part without a name', 'filename="a.wav"'],
  ])('is refused %s, too, with what a form may have', async (_, part) => {
    const { answer, sentBytes } = await send({ part });

    expectRefusal(answer);
    expect(sentBytes).toBeLessThan(LIMIT + ROOM + ON_THE_WAY);
  });

  it.each(WAYS)('is cut when its sender does not listen (%s)', async (_, isAnnounced) => {
    const { answer } = await send({ isAnnounced, goesOn: true });

    expectRefusal(answer);
  });

  it('has a record as a call that failed, reached no vendor, and cost nothing', async () => {
    const { answer } = await send({});
    const [, id] = /x-request-id: (\S+)/i.exec(answer) ?? [];
    const record = await eventually(async () => {
      const headers = { authorization: `Bearer ${gateway.adminKey}` };
      const response = await fetch(`${gateway.url}/admin/usage/${id}`, { headers });
      expect(response.status).toBe(200);
      return response.json();
    });

    expect(record).toMatchObject({ outcome: 'failed', status: 413, attempts: 0, costNanoUsd: 0 });
  });

  (TELLS_MEMORY ? it : it.skip)(
    `leaves the gateway's memory as it was, also when ${TOGETHER} come at once`,
    async () => {
      await Promise.all(Array.from({ length: TOGETHER }, hello)); // it has grown to what it needs
      const before = residentBytes(gateway.pid);
      forgetPeak(gateway.pid);
      const told = await Promise.all(
        Array.from({ length: TOGETHER }, (_, n) => send({ isAnnounced: n % 2 === 0, goesOn: n % 4 < 2 })),
      );

      told.forEach(({ answer }) => expectRefusal(answer));
      expect(peakBytes(gateway.pid) - before).toBeLessThan(MOST_GROWTH);
    },
  );
});
