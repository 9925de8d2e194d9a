import { checkKey } from '../gemini/check-request.js';
import { errorBody } from '../gemini/errors.js';
import type { LiveDialect } from '../realtime/live-dialect.js';
import { Refusal } from '../refusal.js';
import { closeFor, GeminiLiveSession } from './session.js';

/** The Live API of Gemini. Whoever is not let in is told so by a close, after the upgrade. */
export const geminiLive: LiveDialect = {
  vendor: 'google',
  binary: true,
  admit: ({ url, received }) => ({
    model: undefined,
    open: line => {
      const session = new GeminiLiveSession(line);
      try {
        if (!url.searchParams.has('access_token')) {
          checkKey({ url, headers: received.headers, body: {} });
        }
      } catch (error) {
        if (!(error instanceof Refusal)) {
          throw error;
        }
        closeFor(error, line.outlet);
      }
      return session;
    },
  }),
  errorBody,
};
