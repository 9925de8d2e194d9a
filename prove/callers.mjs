// Callers: each makes one call after another, and notes what came of it.
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { pick } from './random.mjs';
import { aRequest } from './requests.mjs';
import { isStream, toldCosts } from './told.mjs';

/** Nobody waits longer, not even while the store is frozen: who does hangs. */
const HANGS_MS = 20_000;
const LEAVES_WITHIN_MS = 400;
const PAUSE_MS = 1500;
/** Characters of a refusal that are kept. */
const MOST_TEXT = 500;

export class Callers {
  /** Of all calls: `{ name, project, at, heardAt, until, gateway, skewMs, status, id, end, text }`, times in Unix ms, and of answers `streamed` and `told`, as of `toldCosts`. */
  made = [];
  running = true;
  agent = new Agent({ connections: 1000, headersTimeout: HANGS_MS, bodyTimeout: HANGS_MS });

  /** @param leaves the share of calls whose callers hang up */
  constructor({ gateways, projects, random }, leaves) {
    Object.assign(this, { gateways, random, leaves });
    this.projects = projects.filter(({ calm }) => !calm);
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
      const project = pick(random, this.projects);
      await this.call(project, pick(random, this.gateways), { leavesMs, pace: project.pace });
      await delay(random() * PAUSE_MS);
    }
  }

  /** So many calls at the same time, one after another until there were as many as that, at all gateways in turn. */
  async calls(project, { count, atOnce, pace = '' }) {
    const calls = [];
    const keepCalling = async () => {
      while (calls.length < count) {
        const at = calls.push(null) - 1;
        calls[at] = await this.call(project, this.gateways[at % this.gateways.length], { pace });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, keepCalling));
    return calls;
  }

  /**
   * One call, at a pace of `requests.mjs`, or at any. Its `end`: `whole`: the answer came to its end, whatever it said; `left`: the caller hung up; `broken`: the gateway
   * did; `unreached`: there was none; `hung`: nothing came.
   */
  async call(project, gateway, { leavesMs = null, pace = null }) {
    const name = `${project.name}-${this.made.length}`;
    const call = {
      name,
      project,
      gateway: gateway.name,
      skewMs: gateway.skewMs,
      at: Date.now(),
      heardAt: null,
      status: null,
      id: null,
      end: null,
      text: '',
    };
    this.made.push(call);
    const leaving = new AbortController();
    const timer = leavesMs === null ? null : setTimeout(() => leaving.abort(), leavesMs);
    const { path, body } = aRequest(this.random, name, pace);
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
      call.heardAt = Date.now();
      call.status = response.statusCode;
      call.id = response.headers['x-request-id'] ?? null;
      call.text = await response.body.text();
      call.end = 'whole';
      if (call.status === 200) {
        call.streamed = isStream(response.headers);
        call.told = toldCosts(response.headers, call.text);
      }
    } catch (error) {
      call.end = leaving.signal.aborted ? 'left' : endOf(error);
    }
    clearTimeout(timer);
    call.text = call.status === 200 ? '' : call.text.slice(0, MOST_TEXT);
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
