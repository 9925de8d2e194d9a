import { startGateway, type TestGateway } from './gateway.js';

const NO_KEYS = {
  AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: '',
  AI_GATEWAY_PROVIDERS_ANTHROPIC_API_KEY: '',
  AI_GATEWAY_PROVIDERS_GOOGLE_API_KEY: '',
};

/** A gateway without any key: its simulator answers for every vendor of the catalog, as each of them speaks. */
export function startSimulatedGateway(): Promise<TestGateway> {
  return startGateway(simulated);
}

/** The settings of one. */
export function simulated({ port }: { readonly port: number }): Record<string, string> {
  return { ...NO_KEYS, AI_GATEWAY_SIMULATOR_PORT: String(port) };
}
