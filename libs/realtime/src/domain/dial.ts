import type { EndpointService } from '@app/inference';
import { type SocketMessage, type SocketRefusal, VendorSocket, vendorUrl } from '@app/providers';
import type { Route } from '@app/routing';
import { concealed } from '@app/shared';
import { parsed } from './messages.js';
import { dialectOf } from './vendor-talk.js';

export interface Dialled {
  readonly vendor: VendorSocket;
  /** Of the vendor's answer. */
  header(name: string): string | undefined;
}

interface DialOptions {
  /** The vendor is not told a model. */
  readonly isTranscription: boolean;
  /** Aborts it until it stands. */
  readonly signal: AbortSignal;
}

/** Opens a session with a vendor. @throws UpstreamError */
export async function dial(
  { vendor, target, dialect, id }: Route,
  endpoint: Awaited<ReturnType<EndpointService['openedBy']>>,
  { isTranscription, signal }: DialOptions,
): Promise<Dialled> {
  const live = dialectOf({ vendor, id });
  const path = live.path(isTranscription ? null : target.model);
  const url = vendorUrl(endpoint.baseUrl, path, target.model);
  try {
    const { headers } = endpoint;
    const opened = await VendorSocket.open({ vendor: vendor.id, url, headers, signal }, live.isGreeted);
    if (!(opened instanceof VendorSocket) || (live.isGreeted && isError(opened.inbox.first))) {
      throw dialect.readError({ vendor: vendor.id, ...refusalOf(opened) });
    }
    return { vendor: opened, header: name => opened.headers[name] };
  } catch (error) {
    throw concealed(error, endpoint.apiKey);
  }
}

/** A vendor may open a session only to say why there is none. */
function isError(greeting: SocketMessage | null): boolean {
  return greeting !== null && parsed(greeting.data)?.['type'] === 'error';
}

function refusalOf(opened: VendorSocket | SocketRefusal): SocketRefusal {
  if (!(opened instanceof VendorSocket)) {
    return opened;
  }
  opened.socket.terminate();
  return { status: 502, headers: {}, body: opened.inbox.first?.data.toString() ?? '' };
}
