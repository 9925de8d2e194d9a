import { startSimulator } from '../../apps/simulator/src/server.js';
import { startGateway, type TestGateway } from './gateway.js';

const NO_KEYS = {
  AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: '',
  AI_GATEWAY_PROVIDERS_ANTHROPIC_API_KEY: '',
  AI_GATEWAY_PROVIDERS_GOOGLE_API_KEY: '',
};

/** A gateway without any key: its `simulator` answers for every vendor of the catalog, as each of them speaks. */
export async function startSimulatedGateway(env: Record<string, string> = {}): Promise<TestGateway> {
  const simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
  try {
    const port = String(simulator.port);
    const gateway = await startGateway({ ...NO_KEYS, AI_GATEWAY_SIMULATOR_PORT: port, ...env });
    const stop = async (): Promise<void> => {
      await gateway.stop();
      await simulator.close();
    };
    return { ...gateway, simulator, stop };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
