// Callers: each makes one call after another, and notes what came of it.
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { pick } from './random.mjs';
import { aRequest } from './requests.mjs';

/** Nobody waits longer, not even while the store is frozen: who does hangs. */
const HANGS_MS = 20_000;
const LEAVES_WITHIN_MS = 400;
const PAUSE_MS = 1500;

export class Callers {
  /** Of all calls: `{ name, project, at, gateway, status, id, end, text }`. */
  calls = [];
  running = true;
  agent = new Agent({ connections: 1000, headersTimeout: HANGS_MS, bodyTimeout: HANGS_MS });

  /** @param leaves the share of calls whose callers hang up */
  constructor({ gateways, projects, random }, leaves) {
    Object.assign(this, { gateways, projects, random, leaves });
  }

  /** So many callers, until `stop`. */
  begin(count) {
    this.all = Promise.all(Array.from({ length: count }, () => this.keepCalling()));
  }

  async stop() {
    this.running = false;
    await this.all;
  }

  async keepCalling() {
    const { random } = this;
    await delay(random() * PAUSE_MS);
    while (this.running) {
      const leavesMs = random() < this.leaves ? random() * LEAVES_WITHIN_MS : null;
      await this.call(pick(random, this.projects), pick(random, this.gateways), { leavesMs });
      await delay(random() * PAUSE_MS);
    }
  }

  /**
   * One call; a hurried one is answered at once. Its `end`: `whole`: the answer came to its end, whatever it said; `left`: the caller hung up; `broken`: the gateway
   * did; `unreached`: there was none; `hung`: nothing came.
   */
  async call(project, gateway, { leavesMs = null, hurried = false }) {
    const name = `${project.name}-${this.calls.length}`;
    const call = {
      name,
      project,
      gateway: gateway.name,
      at: Date.now(),
      status: null,
      id: null,
      end: null,
      text: '',
    };
    this.calls.push(call);
    const leaving = new AbortController();
    const timer = leavesMs === null ? null : setTimeout(() => leaving.abort(), leavesMs);
    const { path, body } = aRequest(this.random, name, hurried);
    call.path = path;
    call.model = body.model;
    try {
      const response = await request(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${project.key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        dispatcher: this.agent,
        signal: leaving.signal,
      });
      call.status = response.statusCode;
      call.id = response.headers['x-request-id'] ?? null;
      call.text = await response.body.text();
      call.end = 'whole';
    } catch (error) {
      call.end = leaving.signal.aborted ? 'left' : endOf(error);
    }
    clearTimeout(timer);
    call.text = call.status === 200 ? '' : call.text.slice(0, 300);
    call.until = Date.now();
    return call;
  }
}

function endOf({ code }) {
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return 'hung';
  }
  return code === 'ECONNREFUSED' ? 'unreached' : 'broken';
}
