import { createLogger, Redis } from '@app/shared';

/** A connection of its own, as each gateway has one. */
export async function connectTo(server: { readonly url: string }): Promise<Redis> {
  const { hostname: host, port } = new URL(server.url);
  return Redis.open({ host, port: Number(port), database: 0, isTls: false }, createLogger('silent'));
}
