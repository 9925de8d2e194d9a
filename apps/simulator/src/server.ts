import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Bill } from './bill.js';
import type { CallCounts } from './call-counter.js';
import type { ChaosRule } from './chaos.js';
import { type Exchange, urlOf } from './http/exchange.js';
import { Reply } from './http/reply.js';
import { Upgrades } from './realtime/upgrades.js';
import { isOwnPath, route } from './router.js';
import type { Abort, ReceivedRequest, Traffic } from './traffic.js';
import { World } from './world.js';

/** Longer than any client keeps an idle connection: it is the client who closes. */
const KEEP_ALIVE_MS = 75_000;

/** LLM vendors on one local port, and a view of what reached them. */
export interface Simulator {
  readonly url: string;
  readonly port: number;
  /** What the vendors sold, by vendor and model. */
  bill(): Bill;
  /** The calls that reached vendors since the start or the last `reset`, whatever became of them. */
  calls(): CallCounts;
  /** Makes vendors fail until the next call of it; no rules, no chaos. @throws Refusal when a rule is misspelt */
  chaos(rules: readonly ChaosRule[]): void;
  /** The latest requests, oldest first. */
  requests(): readonly ReceivedRequest[];
  /** Open connections. */
  connections(): number;
  /** Calls that are not answered to the end yet. */
  active(): number;
  /** Callers that left before their answer was complete. */
  aborted(): readonly Abort[];
  /** Resolves when that many callers have left since the start or the last `reset`. */
  untilAborted(count: number): Promise<void>;
  /** Forgets everything: bill, calls, requests, prompt cache, counted faults, chaos. */
  reset(): void;
  /** Cuts all open sessions, and opens others. */
  dropSessions(): void;
  /** Stops at once, cutting what is still open. */
  close(): Promise<void>;
}

/** Starts the vendors; port 0 takes a free one. */
export async function startSimulator(at: {
  readonly port: number;
  readonly host: string;
}): Promise<Simulator> {
  const world = new World();
  const { traffic } = world;
  const server = createServer((request, response) => handle(request, response, world));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;
  server.on('connection', socket => {
    traffic.connections++;
    socket.once('close', () => traffic.connections--);
  });
  const upgrades = new Upgrades(world);
  // The only upgrades there are are those of net sockets.
  server.on('upgrade', (request, socket, head) => upgrades.accept(request, socket as Socket, head));
  await listen(server, at);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${at.host}:${port}`,
    port,
    bill: () => world.bill.current(),
    calls: () => world.calls.current(),
    chaos: rules => world.chaos.set(rules),
    requests: () => traffic.received(),
    connections: () => traffic.connections,
    active: () => traffic.active,
    aborted: () => traffic.aborted(),
    untilAborted: count => traffic.untilAborted(count),
    reset: () => world.clear(),
    dropSessions: () => upgrades.close(),
    close: () => {
      upgrades.close();
      return close(server);
    },
  };
}

function handle(request: IncomingMessage, response: ServerResponse, world: World): void {
  const { traffic } = world;
  const method = request.method ?? 'GET';
  const url = urlOf(request);
  const isTraffic = !isOwnPath(url.pathname);
  const received: ReceivedRequest = isTraffic
    ? traffic.receive(method, url.pathname + url.search, request.headers)
    : { id: 0, at: '', method, path: url.pathname, headers: request.headers, body: undefined };
  const reply = new Reply(response);
  const exchange: Exchange = { request, url, reply, received };
  const handled = route(exchange, world).catch(() => {
    // A caller that leaves while its body is read ends here too; there is nobody left to tell.
    if (response.headersSent) {
      response.destroy();
    } else {
      response.writeHead(500).end();
    }
  });
  if (isTraffic) {
    watch({ response, reply, received, handled }, traffic);
  }
}

interface Watched {
  readonly response: ServerResponse;
  readonly reply: Reply;
  readonly received: ReceivedRequest;
  readonly handled: Promise<void>;
}

/** Tells of callers that leave early, each once the call is over and billed. */
function watch({ response, reply, received, handled }: Watched, traffic: Traffic): void {
  traffic.active++;
  response.once('close', async () => {
    await handled;
    traffic.active--;
    if (!response.writableFinished && !reply.wasCut) {
      traffic.abort(received);
    }
  });
}

function listen(
  server: Server,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
