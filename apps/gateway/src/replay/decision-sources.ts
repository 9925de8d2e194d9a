import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { NestFactory } from '@nestjs/core';
import { decisionIn, type DecisionFilter, DecisionRepository, type UsageDecision } from '@app/analytics';
import { eachPage, InvalidRequestError } from '@app/shared';
import { ReplayModule } from './replay.module.js';

const PAGE = 200;

export interface RecordedDecision {
  readonly id: string;
  readonly decision: object;
}

/** Those of the configured store, latest first. @throws DatabaseLockedError while a gateway holds the embedded store */
export async function* decisionsInStore(filter: DecisionFilter): AsyncGenerator<RecordedDecision> {
  const options = { abortOnError: false, logger: false } as const;
  const app = await NestFactory.createApplicationContext(ReplayModule.forRoot(), options);
  try {
    const decisions = app.get(DecisionRepository, { strict: false });
    for await (const page of eachPage<UsageDecision>(PAGE, after => decisions.page(filter, after, PAGE))) {
      yield* page.map(({ id, decision }) => ({ id, decision: decisionIn(decision) }));
    }
  } finally {
    await app.close();
  }
}

/**
 * Those of a file of JSON lines: decisions, or objects that have one in `decision`, as `GET /v1/generation` and
 * `GET /admin/usage/{id}` answer.
 *
 * @throws InvalidRequestError when a line is neither
 */
export async function* decisionsInFile(file: string): AsyncGenerator<RecordedDecision> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') {
      continue;
    }
    const name = `line ${number}`;
    const { id = name, decision } = readLine(line, `${name} of ${file}`);
    if (decision !== null) {
      yield { id, decision };
    }
  }
}

function readLine(line: string, where: string): { readonly id?: string; readonly decision: object | null } {
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read === 'object' && read !== null) {
      return 'decision' in read ? (read as { decision: object | null }) : { decision: read };
    }
  } catch {
    // Told below.
  }
  throw new InvalidRequestError(`${where} is no JSON object. Give a decision a line.`);
}
