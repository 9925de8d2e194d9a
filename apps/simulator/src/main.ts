import { startSimulator } from './server.js';

const DEFAULT_PORT = 3002;

// oxlint-disable-next-line node/no-process-env -- the one setting of a tool that has no configuration besides
const port = Number(process.env['AI_GATEWAY_SIMULATOR_PORT'] ?? DEFAULT_PORT);
const simulator = await startSimulator({ port, host: '127.0.0.1' });
process.stdout.write(`Simulator: LLM vendors on ${simulator.url}\n`);

// Started by the gateway: tell it the address, and end with it however it ends.
process.send?.({ url: simulator.url });
process.once('disconnect', () => process.exit());

// The open channel to the gateway would keep the process alive.
const stop = (): void => void simulator.close().finally(() => process.exit());
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
