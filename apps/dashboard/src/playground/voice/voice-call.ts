import { wordsOf } from '../../api/client.js';
import { type Asked, LiveSession } from './live-session.js';
import { Microphone } from './microphone.js';
import { Player } from './player.js';
import { type Line, type LiveEvent, told, withCut, withEvent } from './transcript.js';

export type CallState = 'opening' | 'open' | 'closed';

interface Watcher {
  state(state: CallState): void;
  lines(change: (before: readonly Line[]) => readonly Line[]): void;
  /** There is a microphone, and it is heard or not. */
  mute(isMute: boolean): void;
}

/** A session with its microphone and its loudspeaker. It is opened within a click: browsers let no page make sounds by itself. */
export class VoiceCall {
  private readonly context = new AudioContext();
  private readonly player = new Player(this.context);
  private readonly abort = new AbortController();
  private session: LiveSession | null = null;
  private microphone: Microphone | null = null;

  constructor(private readonly watcher: Watcher) {}

  /** Never rejects: what fails is told among what is said. */
  async start(asked: Asked): Promise<void> {
    this.watcher.state('opening');
    try {
      this.session = await LiveSession.open(asked, this, this.abort.signal);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.watcher.state('open');
    try {
      const microphone = await Microphone.open(this.context, pcm => this.session?.speak(pcm));
      this.take(microphone);
    } catch (error) {
      this.tell(error);
    }
  }

  write(text: string): void {
    this.interrupt();
    this.session?.write(text);
  }

  mute(isMute: boolean): void {
    this.microphone?.mute(isMute);
    this.watcher.mute(isMute);
  }

  /** At any time, as often as one likes. */
  end(): void {
    if (!this.abort.signal.aborted) {
      this.abort.abort();
      this.microphone?.close();
      void this.context.close();
      this.watcher.state('closed');
    }
  }

  event(event: LiveEvent): void {
    if (event.type === 'input_audio_buffer.speech_started') {
      this.interrupt();
    }
    this.watcher.lines(before => withEvent(before, event));
  }

  sound(itemId: string, pcm: Uint8Array<ArrayBuffer>): void {
    this.player.play(itemId, pcm);
  }

  closed(why: string): void {
    this.fail(new Error(why));
  }

  private take(microphone: Microphone): void {
    if (this.abort.signal.aborted) {
      microphone.close(); // whoever was asked for it has hung up meanwhile
      return;
    }
    this.microphone = microphone;
    this.watcher.mute(false);
  }

  /** Whoever speaks up is not talked over. */
  private interrupt(): void {
    const cut = this.player.stop();
    if (cut) {
      this.session?.truncate(cut.itemId, cut.heardMs);
      this.watcher.lines(before => withCut(before, cut.itemId));
    }
  }

  private fail(error: unknown): void {
    this.tell(error);
    this.end();
  }

  private tell(error: unknown): void {
    if (!this.abort.signal.aborted) {
      this.watcher.lines(before => told(before, wordsOf(error), true));
    }
  }
}
