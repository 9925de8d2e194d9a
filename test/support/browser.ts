import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Absent where there is none. */
export const browserPath = BROWSERS.find(existsSync);

/** A newcomer without a browser skips these, and the gate says so; CI must have one. */
export const itInBrowser = browserPath || process.env.CI === 'true' ? it : it.skip;

/**
 * @param said a WAV file, which its microphone hears again and again; absent: it has none
 * @throws Error where there is none, with what to do
 */
export function launchBrowser(said?: string): Promise<Browser> {
  if (!browserPath) {
    throw new Error('There is no browser: apt-get install chromium');
  }
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(said === undefined ? [] : hearing(said)),
    ],
  });
}

function hearing(said: string): string[] {
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${said}`,
  ];
}
