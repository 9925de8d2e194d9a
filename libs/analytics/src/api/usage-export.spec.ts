import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, exported } from '@app/shared';
import { aUsageRecord } from '../../../../test/support/usage-record.js';
import { UsageService } from '../domain/usage.service.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import type { UsageRepository } from '../domain/usage.repository.js';
import { USAGE_COLUMNS } from './usage.columns.js';
import { UsageExportController } from './usage-export.controller.js';

const PAGE = 500;
/** Some 100 MB: far more than sockets keep. */
const MOST_PAGES_AHEAD = 200;

/** A ledger without an end, or one that fails at a page; it counts the pages that were read. */
class EndlessRecords {
  pages = 0;

  constructor(private readonly failsAt = Infinity) {}

  async page(): Promise<unknown[]> {
    this.pages += 1;
    if (this.pages > this.failsAt) {
      throw new Error('the store is gone');
    }
    return Array.from({ length: PAGE }, () => aUsageRecord());
  }
}

async function* onePage(): AsyncGenerator<UsageRecord[]> {
  yield [aUsageRecord({ modelAsked: '=1+1', costNanoUsd: null, savedNanoUsd: -7 })];
}

describe('an export of usage records', () => {
  let server: Server | undefined;
  let records: EndlessRecords;
  let broke: Promise<string>;

  afterEach(() => server?.close());

  async function open(failsAt?: number): Promise<IncomingMessage> {
    records = new EndlessRecords(failsAt);
    const { promise, resolve } = Promise.withResolvers<string>();
    broke = promise;
    const none = null as never;
    const usage = new UsageService(records as unknown as UsageRepository, none, none);
    const controller = new UsageExportController(usage, createLogger('warn', { write: resolve }));
    server = createServer((_, response) => void controller.export(response, { format: 'ndjson' }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  }

  it('reads no further than its reader takes, and ends when that leaves', async () => {
    const response = await open();
    await once(response, 'readable'); // and then reads nothing: what fits into the buffers of sockets is read ahead
    let seen = -1;
    while (seen !== records.pages) {
      seen = records.pages;
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    response.destroy();

    expect(await broke).toContain('broke off');
    expect(records.pages).toBeLessThan(MOST_PAGES_AHEAD);
  });

  it('breaks off when the store fails in the middle, so that nobody takes it for whole', async () => {
    const response = await open(2);
    response.resume();
    const [error] = (await once(response, 'error')) as [NodeJS.ErrnoException];

    expect(error.code).toBe('ECONNRESET');
    expect(await broke).toContain('the store is gone');
  });

  it('has a column for each field of a record, and no formula in it', async () => {
    let text = '';
    for await (const piece of exported(onePage(), { format: 'csv', columns: USAGE_COLUMNS })) {
      text += piece;
    }
    const [head = '', line = ''] = text.split('\r\n');
    const cells = new Map(head.split(',').map((name, at) => [name, line.split(',')[at]]));

    expect([...cells.keys()].toSorted()).toEqual(Object.keys(aUsageRecord()).toSorted());
    expect([cells.get('modelAsked'), cells.get('costNanoUsd'), cells.get('savedNanoUsd')]).toEqual([
      "'=1+1",
      '',
      '-7',
    ]);
  });
});
