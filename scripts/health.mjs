// Asks a running gateway for its liveness and readiness; exits with 1 unless both are well.
const { AI_GATEWAY_SERVER_HOST = '127.0.0.1', AI_GATEWAY_SERVER_PORT = '3001' } = process.env;
const host = AI_GATEWAY_SERVER_HOST === '0.0.0.0' ? '127.0.0.1' : AI_GATEWAY_SERVER_HOST;
const origin = `http://${host}:${AI_GATEWAY_SERVER_PORT}`;

for (const path of ['/health', '/health/ready']) {
  try {
    const response = await fetch(origin + path, { signal: AbortSignal.timeout(5000) });
    console.log(`${path} ${response.status} ${await response.text()}`);
    process.exitCode ||= response.ok ? 0 : 1;
  } catch (error) {
    console.log(`${path} no answer from ${origin}: ${error.cause?.code ?? error.message}`);
    process.exitCode = 1;
  }
}
