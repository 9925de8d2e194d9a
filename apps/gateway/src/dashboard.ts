import path from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type RequestHandler, static as serveStatic } from 'express';
import helmet from 'helmet';
import { ErrorFilter } from '@app/inference';
import { GatewayError } from '@app/shared';

/** Where the build puts it, seen from the built gateway. */
const BUILT = path.resolve(import.meta.dirname, '../../dashboard');
const PATH = '/dashboard';
/** Their names hold a hash of what is in them. */
const ASSETS = /^\/assets\//;
const FOR_EVER = 'public, max-age=31536000, immutable';

/** 404 */
export class DashboardNotBuiltError extends GatewayError {
  constructor() {
    super('This gateway has no dashboard. Build it with `npm run build`, and try again.', {
      status: 404,
      type: 'invalid_request_error',
      code: 'dashboard_not_built',
    });
  }
}

/**
 * Serves the dashboard at `/dashboard/`: files, and for all that is no file the page itself, which knows its own addresses. It asks
 * the management API as anybody does, and what it shows comes from there alone.
 */
export function serveDashboard(app: NestExpressApplication, folder: string = BUILT): void {
  const filter = app.get(ErrorFilter);
  const files = serveStatic(folder, {
    setHeaders: (response, file) => {
      const isAsset = path.dirname(file) === path.join(folder, 'assets');
      response.setHeader('cache-control', isAsset ? FOR_EVER : 'no-cache');
    },
  });
  const page: RequestHandler = (request, response, next) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading || ASSETS.test(request.path)) {
      next();
      return;
    }
    response.sendFile(
      'index.html',
      { root: folder, cacheControl: false, headers: { 'cache-control': 'no-cache' } },
      error => {
        if (error && !response.headersSent) {
          filter.render(new DashboardNotBuiltError(), request, response);
        }
      },
    );
  };
  app.use(PATH, contentPolicy, permissions, files, page);
}

/** The playground talks; nothing else that a device has is for this page, or for one that it would frame. */
const permissions: RequestHandler = (_request, response, next) => {
  response.setHeader('permissions-policy', 'microphone=(self), camera=(), geolocation=()');
  next();
};

/** Nothing from elsewhere, and no script or style in the page itself. */
const contentPolicy: RequestHandler = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    objectSrc: ["'none'"],
  },
});
