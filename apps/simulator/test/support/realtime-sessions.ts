import { type Simulator, startSimulator } from '../../src/server.js';
import { LiveClient } from './live-client.js';
import { MODEL } from './realtime-events.js';

/** A simulator of a spec's own, and sessions with it that end with each test. */
export class RealtimeSessions {
  simulator!: Simulator;
  private readonly sessions: LiveClient[] = [];

  constructor() {
    beforeAll(async () => {
      this.simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    });
    beforeEach(() => this.simulator.reset());
    afterEach(async () => {
      await Promise.all(this.sessions.splice(0).map(session => session.close()));
    });
    afterAll(() => this.simulator.close());
  }

  /** @param begin what is said first */
  async open(...begin: readonly object[]): Promise<LiveClient> {
    const client = await LiveClient.open(`${this.simulator.url}/v1/realtime?model=${MODEL}`);
    this.sessions.push(client);
    client.send(...begin);
    return client;
  }
}
