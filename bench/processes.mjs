// Child processes, their CPU time and memory, read from /proc (Linux).
import { execFileSync, spawn } from 'node:child_process';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']).toString());
const started = [];

process.on('exit', stopAll);
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

/** Starts a child that ends with this process; what it prints goes to `NAME.log` in the work folder. */
export function start(name, [file, ...args], { folder, env = {} }) {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const child = spawn(file, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', log, log] });
  started.push(child);
  return child;
}

/** A process and all its descendants, as process ids: workers count with their parent. */
export function treeOf(root) {
  const children = Map.groupBy(processIds(), pid => parentOf(pid));
  const tree = [root];
  for (const pid of tree) {
    tree.push(...(children.get(pid) ?? []));
  }
  return tree;
}

/** Seconds of user and system time used so far, all threads included. */
export function cpuSeconds(pids) {
  return sum(
    pids.map(pid =>
      orZero(() => {
        const fields = statOf(pid);
        return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
      }),
    ),
  );
}

/** Resident memory in MiB. */
export function residentMiB(pids) {
  return sum(
    pids.map(pid =>
      orZero(() => {
        const [, kiB] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
        return Number(kiB) / 1024;
      }),
    ),
  );
}

/** Seconds that all CPUs of the machine were busy so far: tells how much others used meanwhile. */
export function machineBusySeconds() {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

function stopAll() {
  for (const { pid } of started) {
    for (const each of pid ? treeOf(pid) : []) {
      orZero(() => process.kill(each, 'SIGTERM'));
    }
  }
}

function processIds() {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid) {
  return orZero(() => Number(statOf(pid)[1]));
}

/** The fields after the command name, which may hold spaces. */
function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** A process may end between listing and reading it. */
function orZero(read) {
  try {
    return read();
  } catch {
    return 0;
  }
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
