import 'reflect-metadata';
import { parseArgs } from 'node:util';
import type { DecisionFilter } from '@app/analytics';
import { DatabaseLockedError, GatewayError, InvalidRequestError, MOMENT, momentOf } from '@app/shared';
import { failureText } from '../failure-text.js';
import { decisionsInFile, decisionsInStore } from './decision-sources.js';
import { Replay } from './replay.js';

const HELP = `usage: npm run replay -- [--from TIME] [--to TIME] [--project ID]
       npm run replay -- --file FILE.jsonl

Makes the recorded routing decisions of the configured store again, from what was known when they were made, and ends
with 1 when one comes out otherwise, 2 when it could not look: when it found none (of that project, in that time), or some
that were recorded in a way that it does not know. TIME is a day or a moment with its time zone; FROM is
within, TO is not. A gateway on the embedded store must be stopped.
`;

/** Replays, and says what came of it. */
async function main(values: readonly string[]): Promise<void> {
  const { help, file, ...narrowing } = optionsIn(values);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const replay = new Replay();
  const source = file === undefined ? decisionsInStore(filterOf(narrowing)) : decisionsInFile(file);
  for await (const { id, decision } of source) {
    replay.add(id, decision);
  }
  report(replay, narrowing.project);
}

function optionsIn(values: readonly string[]) {
  const string = { type: 'string' } as const;
  const options = {
    help: { type: 'boolean' },
    file: string,
    from: string,
    to: string,
    project: string,
  } as const;
  try {
    return parseArgs({ args: [...values], options }).values;
  } catch (error) {
    throw new InvalidRequestError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

function filterOf({ from, to, project }: Readonly<Record<string, string | undefined>>): DecisionFilter {
  const wrong = [from, to].find(time => time !== undefined && !(MOMENT.test(time) && momentOf(time)));
  if (wrong !== undefined) {
    throw new InvalidRequestError(`'${wrong}' is neither a day nor a moment with its time zone.`);
  }
  return { projectId: project, from: momentOf(from), to: momentOf(to) };
}

function report(replay: Replay, project: string | undefined): void {
  const { decisions, differ, truncated, unreadable, replayed, differences } = replay;
  const rest = [
    `${decisions} decisions, ${differ} differ`,
    truncated > 0 && `${truncated} were too long to be kept whole and were not made again`,
    unreadable > 0 && `${unreadable} could not be read, since another version of the gateway recorded them`,
    replayed === 0 && 'nothing was made again',
    decisions === 0 && project !== undefined && `no decision of a project '${project}' is kept there`,
  ];
  process.stdout.write(`${rest.filter(Boolean).join(', ')}\n`);
  for (const { id, what } of differences) {
    process.stdout.write(`  ${id}: ${what.join('; ')}\n`);
  }
  process.exitCode = differ > 0 ? 1 : unreadable > 0 || replayed === 0 ? 2 : 0;
}

function explain(error: unknown): string {
  if (error instanceof DatabaseLockedError) {
    return 'A running gateway holds the store. Stop it, or replay a copy of its file.';
  }
  if (error instanceof Error && 'syscall' in error) {
    return `The file cannot be read: ${error.message}.`;
  }
  return failureText(error, GatewayError);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 2;
});
