// Callers of realtime sessions, who speak at the pace of speech and measure when they hear each of their frames.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** PCM of 16 bits, as OpenAI takes it. */
const BYTES_PER_MS = 48;

/** All sessions with one target; they stay open until `close`. */
export class LiveCallers {
  latencies = [];
  #sessions = [];
  #frameMs;
  #frame;

  static async open({ url, headers }, { sessions, frameMs }) {
    const callers = new LiveCallers();
    callers.#frameMs = frameMs;
    const audio = randomBytes(frameMs * BYTES_PER_MS).toString('base64');
    callers.#frame = JSON.stringify({ type: 'input_audio_buffer.append', audio });
    for (let count = 0; count < sessions; count += 1) {
      callers.#sessions.push(await callers.#dial(url, headers));
    }
    return callers;
  }

  async #dial(url, headers) {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    const session = { socket, sent: [] };
    const greeted = once(socket, 'message');
    socket.on('message', data => {
      // Frames come back in their order; what is in between is no sound.
      if (data.subarray(0, 40).includes('response.output_audio.delta')) {
        this.latencies.push(performance.now() - session.sent.shift());
      }
    });
    await greeted;
    return session;
  }

  /** Speaks for so many seconds, and waits for what is still to be heard. @returns latencies in ms @throws Error: a frame was lost */
  async speak(seconds) {
    this.latencies = [];
    const frames = Math.round((seconds * 1000) / this.#frameMs);
    const step = this.#frameMs / this.#sessions.length;
    await Promise.all(this.#sessions.map((session, at) => this.#say(session, at * step, frames)));
    return this.latencies;
  }

  close() {
    this.#sessions.forEach(({ socket }) => socket.close());
  }

  /** Each frame at its time by the clock, so that a late one makes no other late. */
  async #say(session, offsetMs, frames) {
    const begunAt = performance.now() + offsetMs;
    for (let frame = 0; frame < frames; frame += 1) {
      await until(begunAt + frame * this.#frameMs);
      if (session.socket.readyState !== WebSocket.OPEN) {
        throw new Error('A session was closed.');
      }
      session.sent.push(performance.now());
      session.socket.send(this.#frame);
    }
    const deadline = performance.now() + 10_000;
    while (session.sent.length > 0) {
      if (performance.now() > deadline) {
        throw new Error(`${session.sent.length} frames of a session never came back.`);
      }
      await until(performance.now() + 20);
    }
  }
}

function until(time) {
  return new Promise(resolve => setTimeout(resolve, Math.max(0, time - performance.now())));
}
