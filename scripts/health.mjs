// Asks a running gateway for its liveness and readiness; exits with 1 unless both are well. With `--live` only the first
// counts: while the store is away, calls with known keys go on.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

const { AI_GATEWAY_SERVER_HOST = '127.0.0.1', AI_GATEWAY_SERVER_PORT = '3001' } = process.env;
const certificate = process.env.AI_GATEWAY_TLS_CERT_FILE;
const host = AI_GATEWAY_SERVER_HOST === '0.0.0.0' ? '127.0.0.1' : AI_GATEWAY_SERVER_HOST;
const origin = `${certificate ? 'https' : 'http'}://${host}:${AI_GATEWAY_SERVER_PORT}`;
// The certificate must be the one of the file; its name is that of the outside, which this side does not know.
const tls = certificate && { ca: readFileSync(certificate), checkServerIdentity: () => undefined };

const paths = process.argv.includes('--live') ? ['/health'] : ['/health', '/health/ready'];
for (const path of paths) {
  try {
    const response = await ask(origin + path);
    console.log(`${path} ${response.statusCode} ${await text(response)}`);
    process.exitCode ||= response.statusCode === 200 ? 0 : 1;
  } catch (error) {
    console.log(`${path} no answer from ${origin}: ${error.code ?? error.message}`);
    process.exitCode = 1;
  }
}

function ask(url) {
  const { get } = certificate ? https : http;
  const options = { ...tls, agent: false, allowPartialTrustChain: true, signal: AbortSignal.timeout(5000) };
  return new Promise((resolve, reject) => get(url, options, resolve).on('error', reject));
}
