import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import type { Config } from '@app/shared';

/** How long a browser may remember that another origin's page may call, in seconds. */
const PREFLIGHT_MAX_AGE_S = 600;

/** What browsers are told: the headers that keep pages safe, and which other origins may call. */
export function setBrowserRules(
  app: NestExpressApplication,
  { corsOrigins, isTls, isProduction }: Config,
): void {
  if (corsOrigins.length > 0) {
    app.enableCors({
      origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
      exposedHeaders: '*', // keys travel in headers that pages set themselves; a session does not leave its site
      maxAge: PREFLIGHT_MAX_AGE_S,
    });
  }
  app.use(
    helmet({
      // The API pages need no more than helmet's own rules. Their links stay on http where the gateway speaks http.
      contentSecurityPolicy: { directives: { frameAncestors: ["'none'"], upgradeInsecureRequests: null } },
      crossOriginResourcePolicy: corsOrigins.length > 0 ? { policy: 'cross-origin' } : undefined,
      strictTransportSecurity: isTls || isProduction ? { includeSubDomains: false } : false,
      xFrameOptions: { action: 'deny' },
    }),
  );
}
