import { once } from 'node:events';
import { createServer, get, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signalOf } from './signal-of.js';

describe('the signal of a call', () => {
  let server: Server;
  let url: string;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('stays silent when the answer was written to its end', async () => {
    const answered = nextResponse();
    const request = get(url);
    const response = await answered;
    const signal = signalOf(response);
    const closed = once(response, 'close');
    response.end('done');
    const [answer] = await once(request, 'response');
    answer.resume();
    await closed;

    expect(signal.aborted).toBe(false);
  });

  it('fires when the caller leaves in the middle', async () => {
    const answered = nextResponse();
    const request = get(url);
    request.on('error', () => undefined);
    const response = await answered;
    const signal = signalOf(response);
    const aborted = once(signal, 'abort');
    response.write('half');
    request.destroy();
    await aborted;

    expect(signal.aborted).toBe(true);
  });

  it('has fired when the caller left before', async () => {
    const answered = nextResponse();
    const request = get(url);
    request.on('error', () => undefined);
    const response = await answered;
    const closed = once(response, 'close');
    request.destroy();
    await closed;

    expect(signalOf(response).aborted).toBe(true);
  });

  async function nextResponse(): Promise<ServerResponse> {
    const [, response] = await once(server, 'request');
    return response;
  }
});
