import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { eventually } from './eventually.js';
import { checkOutput } from './secret-scan.js';
import { storeEnvironment } from './test-store.js';

const LAUNCHER = 'scripts/gateway.sh';
/** The Node of this test. */
const PATH = path.dirname(process.execPath);

/** The built gateway as a process of its own: what only a process can show (signals, exits, a terminal). */
export class GatewayProcess {
  output = '';
  private readonly gone: Promise<unknown>;

  constructor(
    readonly child: ChildProcess,
    readonly url: string,
    private readonly env: Record<string, string>,
  ) {
    this.gone = once(child, 'exit');
    child.stdout?.on('data', this.note);
    child.stderr?.on('data', this.note);
  }

  static async start(
    dataDir: string,
    ports: readonly [gateway: number, simulator: number],
    env: Record<string, string> = {},
  ): Promise<GatewayProcess> {
    const [port, simulatorPort] = ports;
    const child = spawn(LAUNCHER, {
      env: {
        PATH,
        AI_GATEWAY_ENVIRONMENT: 'test',
        AI_GATEWAY_DATA_DIR: dataDir,
        ...(await storeEnvironment(dataDir)),
        AI_GATEWAY_SERVER_PORT: String(port),
        AI_GATEWAY_SIMULATOR_PORT: String(simulatorPort),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new GatewayProcess(child, `http://127.0.0.1:${port}`, env);
  }

  /** Resolves when it serves, or has ended. */
  async ready(): Promise<this> {
    await eventually(() => expect(this.output.includes('/swagger-ui/') || this.hasEnded).toBe(true), 60_000);
    return this;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** @throws Error when its output holds a secret that it must not show */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.hasEnded) {
      this.child.kill(signal);
      await this.gone;
    }
    checkOutput(this.output, this.env);
    return this.child.exitCode;
  }

  private readonly note = (chunk: Buffer): void => {
    this.output += chunk.toString();
  };
}
