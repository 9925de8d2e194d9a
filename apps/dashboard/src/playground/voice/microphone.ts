// oxlint-disable-next-line import/default -- Vite makes it the address of a file of its own
import workletUrl from './microphone-worklet.ts?worker&url';

const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError:
    'The browser may not use the microphone. Allow it for this address, and start again, or write below.',
  NotFoundError: 'There is no microphone. Connect one, and start again, or write below.',
  NotReadableError: 'Another program has the microphone. Close that, and start again, or write below.',
};

/** What somebody says, as PCM. */
export class Microphone {
  private constructor(
    private readonly stream: MediaStream,
    private readonly node: AudioWorkletNode,
  ) {}

  /**
   * @param hear a chunk of a tenth of a second
   * @throws Error in words for people
   */
  static async open(context: AudioContext, hear: (pcm: Uint8Array) => void): Promise<Microphone> {
    const stream = await streamOf();
    await context.audioWorklet.addModule(workletUrl);
    const node = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 0 });
    node.port.addEventListener('message', ({ data }) => hear(new Uint8Array(data as ArrayBuffer)));
    node.port.start();
    context.createMediaStreamSource(stream).connect(node);
    return new Microphone(stream, node);
  }

  /** Silence is heard instead, so that the other side knows that nobody speaks. */
  mute(isMute: boolean): void {
    for (const track of this.stream.getTracks()) {
      track.enabled = !isMute;
    }
  }

  close(): void {
    this.node.port.close();
    for (const track of this.stream.getTracks()) {
      track.stop();
    }
  }
}

async function streamOf(): Promise<MediaStream> {
  const { mediaDevices } = navigator as Partial<Navigator>;
  if (!mediaDevices) {
    throw new Error(
      'Browsers open microphones at HTTPS addresses, and at localhost, alone. Write below instead.',
    );
  }
  try {
    return await mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    const { name, message } = error as DOMException;
    throw new Error(REASONS[name] ?? `The microphone does not open: ${message}`, { cause: error });
  }
}
