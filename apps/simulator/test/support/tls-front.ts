import { connect, type AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { makeCertificate } from '../../../../test/support/certificate.js';

/** TLS in front of the simulator: OpenAI's realtime client dials nothing else. */
export interface TlsFront {
  /** Of `https://localhost`. */
  readonly port: number;
  readonly ca: string;
  close(): Promise<void>;
}

export async function startTlsFront(target: number): Promise<TlsFront> {
  const { cert, key } = makeCertificate('localhost');
  const server = createServer({ cert, key }, outer => {
    const inner = connect(target, '127.0.0.1');
    outer.on('error', () => inner.destroy()).pipe(inner);
    inner.on('error', () => outer.destroy()).pipe(outer);
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    ca: cert,
    close: () => new Promise(resolve => void server.close(() => resolve())),
  };
}
