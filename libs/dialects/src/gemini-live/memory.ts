import type { LiveMemory, LivePlace, LiveReplay } from '../domain/live-memory.js';
import { UnansweredSound } from '../domain/unanswered-sound.js';
import { isAbsent, isObject, objectAt, objectsAt, stringOr, textAt, type Wire } from '../domain/wire.js';
import { camelNames } from '../gemini/member-names.js';
import { KeptCalls } from './kept-calls.js';
import { KeptContents } from './kept-contents.js';

/** What was said with a vendor of Gemini's protocol. */
export class GeminiMemory implements LiveMemory {
  isReady = true;
  private setup: Wire = {};
  /** The caller takes sessions up again itself. */
  private isCallers = false;
  /** Of the session as it was when it was given; null: there is none. */
  private handle: string | null = null;
  private readonly contents = new KeptContents();
  private readonly sound = new UnansweredSound();
  /** Of a speech, as far as the caller was told; and of the answer. */
  private heard = '';
  private words = '';
  /** An answer to what was written is waited for; to what was spoken, whose end the caller has told. */
  private isAsked = false;
  private isSpokenTo = false;
  /** Something of the answer was passed on. */
  private isAnswering = false;
  private wasInterrupted = false;
  /** Since the handle, something was spoken that nobody wrote down. */
  private isUnwritten = false;
  private readonly calls = new KeptCalls();
  private isEnding = false;
  /** The vendor has its setup, and has not greeted. */
  private isOpening = false;
  /** The caller was. */
  private wasGreeted = false;
  /** So many characters of the speech that is heard again were told already. */
  private told = 0;

  noteSound(frame: Buffer): void {
    this.sound.add(frame);
  }

  noteSaid(said: Wire): Wire {
    const message = camelNames(said);
    const setup = objectAt(message, 'setup');
    const content = objectAt(message, 'clientContent');
    const input = objectAt(message, 'realtimeInput');
    const results = objectAt(message, 'toolResponse');
    if (content) {
      this.noteContent(camelNames(content));
    }
    if (input) {
      this.noteInput(camelNames(input), said);
    }
    if (results) {
      return this.noteResults(camelNames(results), said);
    }
    return setup ? this.noteSetup(camelNames(setup), said) : said;
  }

  noteSpoken(): void {
    // All that its vendors say is read.
  }

  noteHeard(message: Wire): Wire | null {
    const { setupComplete, sessionResumptionUpdate: update, goAway, ...rest } = message;
    const content = objectAt(rest, 'serverContent');
    this.noteHandle(update);
    this.isEnding ||= isObject(goAway);
    this.noteCalls(message);
    const shown = content ? this.noteAnswer(content) : undefined;
    const isGreeting = isObject(setupComplete);
    const isKnown = isGreeting && this.wasGreeted;
    this.wasGreeted ||= isGreeting;
    this.isReady ||= isGreeting;
    this.isOpening &&= !isGreeting;
    const isHidden = isKnown || (!this.isCallers && isObject(update ?? goAway));
    if (!isHidden && shown === content) {
      return message;
    }
    const left = {
      ...(isGreeting && !isKnown && { setupComplete }),
      ...(this.isCallers && update !== undefined && { sessionResumptionUpdate: update }),
      ...(this.isCallers && goAway !== undefined && { goAway }),
      ...rest,
      ...(content && { serverContent: shown }),
    };
    const isNothing = Object.values(left).every(value => isObject(value) && Object.keys(value).length === 0);
    return isNothing ? null : left;
  }

  get isAwaited(): boolean {
    return this.isOpening || (!this.isAnswering && (this.isAsked || this.isSpokenTo));
  }

  get hasHandle(): boolean {
    return this.handle !== null;
  }

  /** What nobody wrote down is known with the next handle; a caller that takes sessions up again itself knows when. */
  get isToBeLeft(): boolean {
    return this.isEnding && !this.isCallers && !this.isUnwritten && !this.calls.any;
  }

  isEndOfLife(): boolean {
    return this.isEnding;
  }

  breakOff(): readonly Wire[] {
    const wasAnswering = this.isAnswering;
    this.handle = this.isReady ? this.handle : null; // it was not taken
    this.isAnswering = false;
    this.wasInterrupted = false;
    if (!wasAnswering) {
      return [];
    }
    this.flush();
    return [{ serverContent: { interrupted: true } }, { serverContent: { turnComplete: true } }];
  }

  reopen({ model, isSame, admit }: LivePlace): LiveReplay {
    const handle = isSame ? this.handle : null;
    const turns = this.contents.replayed(handle !== null);
    const lost = this.lost(handle !== null);
    this.handle = handle; // another vendor knows nothing of it
    this.told += this.heard.length;
    this.heard = '';
    this.calls.leave();
    this.isReady = false;
    this.isOpening = true;
    this.isEnding = false;
    const { handle: _old, ...sessionResumption } = objectAt(this.setup, 'sessionResumption') ?? {};
    const admitted = admit({ setup: { ...this.setup, model: `models/${model}`, sessionResumption } });
    return {
      opening: [handle === null ? admitted : resuming(admitted, handle)],
      rest: [
        ...(turns.length > 0 ? [{ clientContent: { turns, turnComplete: this.isAsked } }] : []),
        ...this.sound.list,
      ],
      by: handle === null ? 'replay' : 'handle',
      lost,
      unconfirmed: new Set(), // Google confirms nothing
      asksAgain: this.isAsked,
    };
  }

  private lost(isHandled: boolean): string[] {
    const { forgotten } = this.contents;
    const hasOwnHandle = textAt(objectAt(this.setup, 'sessionResumption') ?? {}, 'handle') !== '';
    const isCut = this.sound.isCut && (this.heard !== '' || this.isManual);
    return [
      ...(!isHandled && forgotten > 0 ? [`The first ${forgotten} turns of a long conversation.`] : []),
      ...(!isHandled && hasOwnHandle
        ? ['What was said before this session, which its handle stood for.']
        : []),
      ...(this.isUnwritten ? ['Speech without a transcript.'] : []),
      ...(isCut ? ['The beginning of what is being said.'] : []),
    ];
  }

  private get isManual(): boolean {
    const input = camelNames(objectAt(this.setup, 'realtimeInputConfig') ?? {});
    return camelNames(objectAt(input, 'automaticActivityDetection') ?? {})['disabled'] === true;
  }

  private noteSetup(setup: Wire, said: Wire): Wire {
    this.isOpening = true;
    this.isCallers = !isAbsent(setup['sessionResumption']);
    this.setup = this.isCallers ? setup : { ...setup, sessionResumption: {} };
    const { handle } = objectAt(setup, 'sessionResumption') ?? {};
    this.handle = stringOr(handle, '') || null;
    return this.isCallers ? said : { setup: this.setup };
  }

  private noteContent(content: Wire): void {
    objectsAt(content, 'turns').forEach(turn => this.contents.add(turn));
    this.isAsked ||= content['turnComplete'] === true;
  }

  private noteInput(input: Wire, said: Wire): void {
    const text = textAt(input, 'text');
    this.contents.say('user', text);
    this.isAsked ||= text !== '';
    this.isSpokenTo ||= 'activityEnd' in input;
    if (text === '') {
      this.sound.add(Buffer.from(JSON.stringify(said)));
    }
  }

  /** A connection that does not know the calls is told their results in words. */
  private noteResults(results: Wire, said: Wire): Wire {
    const all = objectsAt(results, 'functionResponses').map(camelNames);
    const { turns, isForeign } = this.calls.answered(all);
    turns.forEach(turn => this.contents.add(turn));
    const turnComplete = !this.calls.any;
    this.isAsked ||= turnComplete;
    return isForeign ? { clientContent: { turns, turnComplete } } : said;
  }

  private noteHandle(update: unknown): void {
    const handle = isObject(update) && update['resumable'] !== false ? textAt(update, 'newHandle') : '';
    if (handle !== '') {
      this.handle = handle;
      this.isUnwritten = false;
      this.contents.noteHandle();
    }
  }

  private noteCalls(message: Wire): void {
    for (const { id, name, args } of objectsAt(objectAt(message, 'toolCall') ?? {}, 'functionCalls')) {
      const called = stringOr(name, '');
      this.begin();
      this.words += `(I call ${called} with ${JSON.stringify(args ?? {})}.)`;
      this.calls.add(stringOr(id, ''), called);
    }
    if (objectAt(message, 'toolCall')) {
      this.flush();
      this.isAnswering = false; // it waits for their results
    }
    const { ids } = objectAt(message, 'toolCallCancellation') ?? {};
    this.calls.withdraw(Array.isArray(ids) ? ids.map(String) : []);
  }

  /** @returns as the caller is to get it */
  private noteAnswer(content: Wire): Wire {
    const parts = objectsAt(objectAt(content, 'modelTurn') ?? {}, 'parts');
    const words = textAt(objectAt(content, 'outputTranscription') ?? {}, 'text');
    const shown = this.noteSpeech(content);
    if (parts.length > 0 || words !== '') {
      this.begin();
      const written = parts.filter(({ thought }) => thought !== true).map(part => textAt(part, 'text'));
      this.words += words + written.join('');
    }
    this.wasInterrupted ||= content['interrupted'] === true;
    if (content['turnComplete'] === true) {
      this.isAsked &&= this.wasInterrupted || this.isAnswering; // an answer that says nothing is one, too
      this.isSpokenTo &&= this.wasInterrupted;
      this.flush();
      this.isAnswering = false;
      this.wasInterrupted = false;
    }
    return shown;
  }

  /** What the caller said; of what is heard again, the caller is told what it does not know. */
  private noteSpeech(content: Wire): Wire {
    const heard = objectAt(content, 'inputTranscription');
    const text = heard && textAt(heard, 'text');
    if (!heard || !text) {
      return content;
    }
    this.heard += text;
    if (this.told === 0) {
      return content;
    }
    const fresh = text.slice(this.told);
    this.told = Math.max(this.told - text.length, 0);
    const { inputTranscription: _told, ...rest } = content;
    return fresh === '' ? rest : { ...rest, inputTranscription: { ...heard, text: fresh } };
  }

  /** An answer begins: all that was said before it is answered. */
  private begin(): void {
    if (this.isAnswering) {
      return;
    }
    const isWritten = !isAbsent(this.setup['inputAudioTranscription']);
    this.isUnwritten ||= !this.isAsked && !isWritten && !this.sound.isEmpty;
    this.isAnswering = true;
    this.isAsked = false;
    this.isSpokenTo = false;
    this.told = 0;
    this.sound.clear();
  }

  private flush(): void {
    this.contents.say('user', this.heard);
    this.contents.say('model', this.words);
    this.heard = '';
    this.words = '';
  }
}

/** A setup that takes a session up again. */
function resuming(message: Wire, handle: string): Wire {
  const setup = objectAt(message, 'setup') ?? {};
  return {
    ...message,
    setup: { ...setup, sessionResumption: { ...objectAt(setup, 'sessionResumption'), handle } },
  };
}
