import type { INestApplication } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { splitVendorPath, VendorPathService } from '@app/inference';
import { ProviderRegistry } from '@app/providers';
import { callOf, type ProjectRequest } from '@app/shared';
import { guarded } from './guarded.js';
import type { ServerAdapter } from './server/server.adapter.js';

/**
 * Serves `/{vendor}/*` for every vendor there is, where the gateway has no route of its own. No route of Nest's, because
 * it would take every unknown URL, and ask for a key before it says that there is nothing.
 */
export function takeVendorPaths(app: INestApplication, adapter: ServerAdapter): void {
  const registry = app.get(ProviderRegistry);
  const paths = app.get(VendorPathService);
  const serve = guarded(app);
  adapter.lastResort = (called: Request, response: Response, next: NextFunction): void => {
    const request = called as Request & ProjectRequest;
    const target = splitVendorPath(request.originalUrl);
    const vendor = target && registry.get(target.vendor);
    if (!vendor) {
      next();
      return;
    }
    const origin = `${request.protocol}://${request.host}`;
    const run = (): Promise<void> =>
      paths.run({ call: callOf(request), vendor, target, request, reply: response, origin });
    void serve(run, request, response);
  };
}
