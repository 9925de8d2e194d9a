import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ENTRY = path.resolve(import.meta.dirname, '../../simulator/src/main.js');

/** The simulator as a child: it lives and dies with the gateway. */
export class SimulatorProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** @throws Error when it cannot start, for example because its port is taken */
  static async start(port: number): Promise<SimulatorProcess> {
    const child = fork(ENTRY, {
      env: { AI_GATEWAY_SIMULATOR_PORT: String(port) },
      // Its own process group: Ctrl-C reaches the gateway alone, which lets open answers finish first.
      detached: true,
    });
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (typeof message !== 'object' || message === null || !('url' in message)) {
      throw new Error(
        `The simulator cannot start on port ${port}. Set AI_GATEWAY_SIMULATOR_PORT to a free one, or ` +
          'AI_GATEWAY_SIMULATOR=off.',
      );
    }
    return new SimulatorProcess(child, String(message.url));
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await gone;
    }
  }
}
