import { useEffect, useRef, useState } from 'react';
import type { Asked } from './live-session.js';
import type { Line } from './transcript.js';
import { type CallState, VoiceCall } from './voice-call.js';

export interface Voice {
  readonly state: CallState;
  readonly lines: readonly Line[];
  /** Null: there is no microphone. */
  readonly isMute: boolean | null;
  start(asked: Asked): void;
  write(text: string): void;
  mute(isMute: boolean): void;
  stop(): void;
}

/** Talks aloud; hangs up when the page goes. */
export function useVoice(): Voice {
  const [state, setState] = useState<CallState>('closed');
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [isMute, setMute] = useState<boolean | null>(null);
  const call = useRef<VoiceCall>(null);
  useEffect(() => () => call.current?.end(), []);
  const start = (asked: Asked): void => {
    call.current = new VoiceCall({ state: setState, lines: setLines, mute: setMute });
    setLines([]);
    setMute(null);
    void call.current.start(asked);
  };
  return {
    state,
    lines,
    isMute,
    start,
    write: text => call.current?.write(text),
    mute: wanted => call.current?.mute(wanted),
    stop: () => call.current?.end(),
  };
}
