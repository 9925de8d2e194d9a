import path from 'node:path';
import type { Config } from '@app/shared';
import type { FirstStart } from './first-start.js';

export interface Started {
  readonly url: string;
  readonly store: string;
  readonly simulatorUrl: string | null;
  readonly first: FirstStart | null;
}

/** What the terminal shows after the start. Secrets appear on the first start only. */
export function welcome({ url, store, simulatorUrl, first }: Started, config: Config): string {
  const lines = [
    '',
    `LLM Hub AI Gateway at ${url}`,
    `Dashboard: ${url}/dashboard/   API pages: ${url}/swagger-ui/`,
    `Store: ${store}   Data folder: ${path.resolve(config.dataDir)}`,
    ...(simulatorUrl
      ? [`No vendor key is set: the simulator at ${simulatorUrl} answers for every vendor.`]
      : []),
    ...(first
      ? firstLines(first, url)
      : ['The data was here before; its keys were shown on the first start.']),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function firstLines({ adminKey, projectKey }: FirstStart, url: string): string[] {
  if (!adminKey && !projectKey) {
    return ['There is no project yet. Make one: POST /admin/projects with the admin key.'];
  }
  const lines = ['', 'Shown once, keep them:'];
  if (adminKey) {
    lines.push(`  admin key    ${adminKey}`);
  }
  if (projectKey) {
    lines.push(
      `  project key  ${projectKey}`,
      '',
      'Try it:',
      `  curl ${url}/v1/chat/completions -H 'Authorization: Bearer ${projectKey}' -H 'Content-Type: application/json' ` +
        `-d '{"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Say hello."}]}'`,
    );
  }
  return lines;
}
