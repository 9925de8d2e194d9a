import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Config } from '@app/shared';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';
import { BrowserSessions } from './browser-sessions.js';

const ADMIN = 'ak_configured-by-the-operator-of-this';

describe('BrowserSessions', () => {
  let test: TestProjects;

  beforeEach(async () => {
    test = await openProjects({ AI_GATEWAY_ADMIN_KEY: ADMIN });
  });
  afterEach(() => test.database.close());

  it.each([[{ isTls: true, isProduction: false }], [{ isTls: false, isProduction: true }]])(
    'travel by TLS alone, to this host alone, where there is TLS: %j',
    async settings => {
      const sessions = new BrowserSessions(settings as Config, test.adminSessions);
      const cookie = await sessions.open(BY, ADMIN);
      const request = new IncomingMessage(new Socket());
      request.method = 'GET';
      request.headers.cookie = cookie.split(';')[0];

      expect(cookie).toMatch(
        /^__Host-llmhub-session=v1\.[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
      );
      await expect(sessions.admit(request)).resolves.toMatchObject({ id: 'configured' });
      request.headers.cookie = request.headers.cookie?.replace('__Host-', '');
      await expect(sessions.admit(request)).rejects.toMatchObject({ code: 'missing_api_key' });
    },
  );
});
