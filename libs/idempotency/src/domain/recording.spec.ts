import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../../../test/support/eventually.js';
import { Recording } from './recording.js';

const HEAD = { status: 201, headers: { 'x-kind': 'tea' } };
const KIB = 1024;
const CHUNK = Buffer.alloc(256 * KIB, 'x');

let server: Server;
let recording: Recording;
let source: { resumed: number; aborted: number };

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  start(1024 * KIB);
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function start(limitBytes: number): void {
  recording = new Recording(limitBytes);
  source = { resumed: 0, aborted: 0 };
  recording.source = { resume: () => (source.resumed += 1), abort: () => (source.aborted += 1) };
}

interface Caller {
  /** The caller's side; it reads nothing before it is asked to. */
  readonly answer: Promise<IncomingMessage>;
  readonly reply: ServerResponse;
  leave(): void;
}

/** Somebody who reads the answer over a real connection. */
async function join(): Promise<Caller> {
  const { port } = server.address() as AddressInfo;
  const request = get({ port, host: '127.0.0.1', agent: false });
  const answer = once(request, 'response').then(([response]) => response as IncomingMessage);
  answer.catch(() => undefined);
  request.on('error', () => undefined);
  const [, reply] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  void recording.attach(reply);
  return { answer, reply, leave: () => request.destroy() };
}

async function textOf({ answer }: Caller): Promise<string> {
  return Buffer.concat(await (await answer).toArray()).toString();
}

describe('Recording', () => {
  it('gives all of an answer to those who come before it, while it runs, and after', async () => {
    const first = await join();
    recording.begin(HEAD);
    recording.push(Buffer.from('one '));
    const second = await join();
    recording.push(Buffer.from('two'));
    recording.end('complete');
    const third = await join();

    for (const caller of [first, second, third]) {
      const { statusCode, headers } = await caller.answer;
      expect([statusCode, headers['x-kind']]).toEqual([201, 'tea']);
      await expect(textOf(caller)).resolves.toBe('one two');
    }
    expect(recording.body.toString()).toBe('one two');
    await recording.ended;
    expect(source).toEqual({ resumed: 0, aborted: 0 });
  });

  it('cuts those who read when the answer is cut', async () => {
    const caller = await join();
    recording.begin(HEAD);
    recording.push(Buffer.from('one'));
    await caller.answer;
    recording.end('cut');

    await expect(textOf(caller)).rejects.toThrow('aborted');
    recording.end('complete');
    expect(recording.ending).toBe('cut');
  });

  it('goes on while anybody reads, and stops its source when the last one has left', async () => {
    const [first, second] = [await join(), await join()];
    recording.begin(HEAD);
    recording.push(Buffer.from('one '));
    await Promise.all([first.answer, second.answer]);
    first.leave();
    await eventually(() => expect(first.reply.closed).toBe(true));
    expect(source.aborted).toBe(0);
    recording.push(Buffer.from('two'));
    second.leave();

    await recording.ended;
    expect(source.aborted).toBe(1);
    expect(recording.ending).toBe('cut');
  });

  it('does not wait for anybody up to its limit', async () => {
    await join(); // reads nothing
    recording.begin(HEAD);

    for (let sent = 0; sent < 4; sent++) {
      expect(recording.push(CHUNK)).toBe(true);
    }
    expect(recording.isTooLarge).toBe(false);
    expect(recording.body).toHaveLength(4 * CHUNK.length);
  });

  it('waits beyond its limit for its only reader, who gets all', async () => {
    start(256 * KIB);
    const caller = await join();
    recording.begin(HEAD);
    let sent = 0;
    while (recording.push(CHUNK)) {
      sent += 1;
      expect(sent).toBeLessThan(1000);
    }
    expect(source.resumed).toBe(0);
    const text = textOf(caller);
    await eventually(() => expect(source.resumed).toBe(1));
    recording.end('complete');

    await expect(text).resolves.toHaveLength((sent + 1) * CHUNK.length);
    expect(recording.isTooLarge).toBe(true);
  });

  it('leaves behind who reads too slowly, and nobody else waits', async () => {
    const slow = await join();
    const fast = await join();
    const text = textOf(fast);
    recording.begin(HEAD);
    let sent = 0;
    while (!slow.reply.closed) {
      recording.push(CHUNK);
      sent += 1;
      expect(sent).toBeLessThan(1000);
      await eventually(() => expect(fast.reply.writableLength).toBe(0));
    }
    recording.push(CHUNK);
    recording.end('complete');

    await expect(text).resolves.toHaveLength((sent + 1) * CHUNK.length);
    await expect(textOf(slow)).rejects.toThrow('aborted');
  });
});
