import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { itInBrowser } from './support/browser.js';
import { barriers, Dashboard, expectOpenToAll, SLOW } from './support/dashboard.js';
import { eventually } from './support/eventually.js';

const HEADER_BYTES = 44;
const HZ = 16_000;
/** Longer than it takes until a speech counts as over, shorter than the answer. */
const SILENCE_S = 1.5;

interface Row {
  readonly endpoint: string;
  readonly status: number;
  readonly modelUsed: string | null;
}

let folder: string;
let dashboard: Dashboard;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'said-'));
  const said = path.join(folder, 'said.wav');
  writeFileSync(said, withSilence(readFileSync('samples/hello.wav')));
  dashboard = await Dashboard.start(undefined, said);
}, SLOW);
afterAll(async () => {
  await dashboard?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What is said again and again is heard as several speeches. */
function withSilence(wav: Buffer): Buffer {
  const longer = Buffer.concat([wav, Buffer.alloc(SILENCE_S * HZ * 2)]);
  longer.writeUInt32LE(longer.length - 8, 4);
  longer.writeUInt32LE(longer.length - HEADER_BYTES, HEADER_BYTES - 4);
  return longer;
}

async function talkAloud(page: Page, key = dashboard.gateway.projectKey): Promise<void> {
  await dashboard.logIn(page);
  await page.getByLabel('Project key').fill(key);
  await page.getByRole('button', { name: 'Use key' }).click();
  await page.getByLabel('Talk').selectOption({ label: 'aloud' });
}

async function begin(page: Page, model: string): Promise<void> {
  await page.getByLabel('Model', { exact: true }).fill(model);
  await page.getByRole('button', { name: 'Start talking' }).click();
}

const recorded = (wanted: (row: Row) => boolean): Promise<void> =>
  eventually(async () => {
    const { body } = await dashboard.admin<{ data: Row[] }>('GET', '/admin/usage?endpoint=/v1/realtime');
    expect(body.data.filter(wanted)).not.toEqual([]);
  });

describe('the playground, aloud', () => {
  itInBrowser(
    'hears and answers, lets itself be interrupted, reads what is typed, and leaves records',
    async () => {
      const { context, page, complaints } = await dashboard.visit('playground');
      const asked: string[] = [];
      page.on('websocket', socket => asked.push(socket.url()));
      await talkAloud(page);
      await expectOpenToAll(page, 'playground-aloud');
      await begin(page, 'openai/gpt-realtime');
      await page.getByText('Open. Speak; whoever speaks up is heard.').waitFor();
      const turns = page.getByRole('list', { name: 'Turns' }).getByRole('listitem');
      await turns
        .filter({ hasText: /^You I spoke for \d+ ms\./ })
        .first()
        .waitFor();
      const answer = turns.filter({ hasText: /^Model You said: I spoke for \d+ ms\./ });
      await answer.first().waitFor();
      await turns.filter({ hasText: '(interrupted)' }).first().waitFor();
      expect(await barriers(page)).toEqual([]);

      const mute = page.getByRole('button', { name: 'Mute' });
      await mute.click();
      await page.getByText('Open. You are muted.').waitFor();
      expect(await mute.getAttribute('aria-pressed')).toBe('true');
      await page.getByLabel('Or write').fill('tea or coffee?');
      await page.getByLabel('Or write').press('Enter');
      await turns.filter({ hasText: /^You tea or coffee\?/ }).waitFor();
      await turns.filter({ hasText: /^Model You said: tea or coffee\?/ }).waitFor();
      await page.getByRole('button', { name: 'Hang up' }).click();
      await page.getByRole('button', { name: 'Start talking' }).waitFor();

      await recorded(({ status, modelUsed }) => status === 101 && modelUsed === 'gpt-realtime');
      await recorded(({ status, modelUsed }) => status === 200 && modelUsed === 'gpt-realtime');
      expect(asked.join()).toContain('/v1/realtime?model=openai%2Fgpt-realtime');
      expect(asked.join()).not.toContain(dashboard.gateway.projectKey);
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'gives a text model a voice',
    async () => {
      const { context, page, complaints } = await dashboard.visit('playground');
      await talkAloud(page);
      await begin(page, 'anthropic/claude-sonnet-5');
      const turns = page.getByRole('list', { name: 'Turns' }).getByRole('listitem');
      await turns
        .filter({ hasText: /^You This is the transcript/ })
        .first()
        .waitFor();
      await turns
        .filter({ hasText: /^Model You said: This is the transcript/ })
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Hang up' }).click();
      await recorded(({ modelUsed }) => modelUsed === 'claude-sonnet-5');
      await recorded(({ modelUsed }) => modelUsed === 'gpt-4o-mini-tts');
      expect(complaints).toEqual([]);
      await context.close();
    },
    SLOW,
  );

  itInBrowser(
    'says why no session opens, and goes on in words where there is no microphone',
    async () => {
      const { context, page } = await dashboard.visit('playground');
      await page.addInitScript(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotFoundError'); }",
      );
      await page.reload();
      await talkAloud(page);
      await begin(page, 'openai/text-embedding-3-small');
      await page.getByText(/^Gateway 400: /).waitFor();
      await begin(page, 'openai/gpt-realtime');
      await page.getByText('There is no microphone.').waitFor();
      await page.getByText('Open, without a microphone.').waitFor();
      expect(await page.getByRole('button', { name: 'Mute' }).isDisabled()).toBe(true);
      await page.getByLabel('Or write').fill('hello');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByText('You said: hello').waitFor();
      await page.getByRole('button', { name: 'Hang up' }).click();

      const { projectId } = dashboard.gateway;
      const budget = { name: 'nothing', limitUsd: 0.000_000_001, period: 'total' };
      await dashboard.admin('POST', `/admin/projects/${projectId}/budgets`, budget);
      await eventually(async () => {
        await begin(page, 'openai/gpt-realtime');
        await page.getByText('The session was refused. Its record says why.').waitFor({ timeout: 1000 });
      });
      await recorded(({ status }) => status === 402);
      await page.getByRole('link', { name: 'Records of calls' }).click();
      await page
        .locator('tr', { hasText: '/v1/realtime' })
        .filter({ hasText: 'failed budget_exceeded' })
        .first()
        .waitFor();
      await context.close();
    },
    SLOW,
  );
});
