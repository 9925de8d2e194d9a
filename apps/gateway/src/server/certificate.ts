import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { type Config, ConfigError } from '@app/shared';

type TlsFiles = Pick<Config, 'tlsCertFile' | 'tlsKeyFile'>;

/** What a server needs to speak TLS, 1.3 and nothing else. */
export interface Certificate {
  readonly options: SecureContextOptions;
  /** As the certificate writes it, such as `Jan 31 12:00:00 2027 GMT`. */
  readonly validTo: string;
}

/**
 * Reads certificate and key and tries them out.
 *
 * @throws ConfigError naming the variable whose file is missing or broken, or when the two do not belong together
 */
export function readCertificate({ tlsCertFile = '', tlsKeyFile = '' }: TlsFiles): Certificate {
  const cert = read('AI_GATEWAY_TLS_CERT_FILE', tlsCertFile);
  const key = read('AI_GATEWAY_TLS_KEY_FILE', tlsKeyFile);
  attempt('AI_GATEWAY_TLS_CERT_FILE', 'holds no certificate in PEM form. Name a file that does.', () =>
    createSecureContext({ cert }),
  );
  attempt(
    'AI_GATEWAY_TLS_KEY_FILE',
    'holds no private key in PEM form without a passphrase. Name a file that does.',
    () => createSecureContext({ key }),
  );
  const options: SecureContextOptions = { cert, key, minVersion: 'TLSv1.3' };
  attempt(
    'AI_GATEWAY_TLS_KEY_FILE',
    'does not belong to the certificate. Name the key it was made with.',
    () => createSecureContext(options),
  );
  return { options, validTo: new X509Certificate(cert).validTo };
}

function read(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new ConfigError(variable, `cannot be read (${code}). Name a PEM file that the gateway may read.`);
  }
}

/** What OpenSSL says helps nobody, and may quote the file. */
function attempt(variable: string, problem: string, action: () => unknown): void {
  try {
    action();
  } catch {
    throw new ConfigError(variable, problem);
  }
}
