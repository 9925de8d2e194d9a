import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../../../../test/support/eventually.js';
import { FeedWatcher } from './feed-watcher.js';

const NEWS = { bytes: Buffer.alloc(1_000_000, ':'), calls: 3 };
/** More than the system takes for a connection that nobody reads. */
const MANY = 40;

describe('FeedWatcher', () => {
  let server: Server;
  let watcher: FeedWatcher;
  let reader: IncomingMessage;

  beforeEach(async () => {
    const opened = new Promise<void>(resolve => {
      server = createServer((_, response) => {
        watcher = new FeedWatcher(null, response);
        watcher.open();
        resolve();
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    reader = await new Promise<IncomingMessage>(resolve => get({ port, agent: false }, resolve));
    await opened;
  });
  afterEach(() => {
    reader.destroy();
    server.close();
  });

  it('sends nothing to who reads nothing, and tells afterwards how many calls that were', async () => {
    let text = '';
    for (let at = 0; at < MANY; at++) {
      watcher.send(NEWS);
      await new Promise(resolve => setImmediate(resolve));
    }
    reader.setEncoding('latin1').on('data', (piece: string) => (text += piece));
    await eventually(() => {
      watcher.send({ bytes: Buffer.from('event: second\ndata: {}\n\n'), calls: 0 });

      expect(text).toContain('event: second');
    });

    const [, missed] = /event: missed\ndata: \{"calls":(\d+)\}/.exec(text) ?? [];
    const sent = (text.match(/:/g)?.length ?? 0) / NEWS.bytes.length;
    expect(Number(missed)).toBeGreaterThan(0);
    expect(Number(missed)).toBe((MANY - Math.floor(sent)) * NEWS.calls);
    expect(text.match(/event: missed/g)).toHaveLength(1);
  });
});
