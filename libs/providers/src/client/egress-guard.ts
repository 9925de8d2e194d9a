import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import type { OnApplicationShutdown } from '@nestjs/common';
import { AddressSet, type Config, InvalidRequestError } from '@app/shared';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { isPublicAddress } from './public-address.js';

const TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;

type Request = Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'>;

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

/** 400: which of the reasons it is would tell a stranger about the network behind the gateway. */
export class EgressRefusedError extends InvalidRequestError {
  constructor() {
    super(
      'The URL cannot be fetched from here. Send an http:// or https:// URL of a public host, without user name and ' +
        'without redirect, or ask the operator to allow its host.',
      null,
      'url_not_allowed',
    );
  }
}

/**
 * The one way to what a caller or a project names: resolves the host, refuses it when any of its addresses is not
 * public, and connects to the addresses that were checked, so that a second look-up cannot bring another one. Follows no
 * redirect. URLs of the operator's configuration do not go through here.
 */
export class EgressGuard implements OnApplicationShutdown {
  private readonly hosts: ReadonlySet<string>;
  private readonly addresses: AddressSet;
  private readonly agent: Agent;

  constructor(
    { egressAllow, bodyLimitBytes }: Config,
    private readonly resolve: Resolve = host => systemLookup(host, { all: true }),
  ) {
    this.hosts = new Set(egressAllow.filter(entry => !AddressSet.isEntry(entry)));
    this.addresses = new AddressSet(egressAllow.filter(AddressSet.isEntry));
    const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: this.lookup });
    this.agent = new Agent({
      connect: (options, done) => {
        if (this.mayTry(options.hostname)) {
          connect(options, done);
        } else {
          done(new EgressRefusedError(), null);
        }
      },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      maxResponseSize: bodyLimitBytes,
    });
  }

  /**
   * Gets what the URL names. Its status may be any but a redirect; the body has at most as many bytes as that of a call.
   *
   * @throws EgressRefusedError (400) when the gateway may not go there, or nobody answers
   */
  get(url: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return this.fetch(url, { method: 'GET' }, signal);
  }

  /** Posts a form there, under the same rules. @throws EgressRefusedError (400) likewise */
  post(url: string, form: URLSearchParams, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    return this.fetch(url, { method: 'POST', headers, body: form.toString() }, signal);
  }

  /** Posts JSON there, with headers of one's own, under the same rules. @throws EgressRefusedError (400) likewise */
  postJson(
    url: string,
    { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const sent = { ...headers, 'content-type': 'application/json' };
    return this.fetch(url, { method: 'POST', headers: sent, body }, signal);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async fetch(url: string, request: Request, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const target = URL.canParse(url) ? new URL(url) : null;
    if (!target || !/^https?:$/.test(target.protocol) || target.username || target.password) {
      throw new EgressRefusedError();
    }
    const response = await this.send(target, request, signal);
    if (response.statusCode >= 300 && response.statusCode < 400) {
      response.body.on('error', () => undefined).destroy();
      throw new EgressRefusedError();
    }
    return response;
  }

  private async send(
    { origin, pathname, search }: URL,
    request: Request,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    try {
      return await this.agent.request({ ...request, origin, path: pathname + search, signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof EgressRefusedError ? error : new EgressRefusedError();
    }
  }

  /** Sockets ask for names only: an address in the URL is checked here. */
  private mayTry(hostname: string): boolean {
    const host = hostname.replace(/^\[|\]$/g, '');
    return isIP(host) === 0 || this.hosts.has(host) || this.mayReach(host);
  }

  private mayReach(address: string): boolean {
    return this.addresses.has(address) || isPublicAddress(address);
  }

  private readonly lookup: LookupFunction = (host, { all }, done) => {
    const checked = callbackify(() => this.resolveChecked(host));
    checked((error, addresses = []) => {
      const [first] = addresses;
      if (all || !first) {
        done(error, addresses);
      } else {
        done(error, first.address, first.family);
      }
    });
  };

  /** One bad address is enough: which of them a socket takes is not for the owner of the name to choose. */
  private async resolveChecked(host: string): Promise<LookupAddress[]> {
    const addresses = await this.resolve(host);
    const isTrusted = this.hosts.has(host.toLowerCase());
    if (addresses.length === 0 || !(isTrusted || addresses.every(({ address }) => this.mayReach(address)))) {
      throw new EgressRefusedError();
    }
    return addresses;
  }
}
