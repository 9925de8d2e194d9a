import type { LiveDialect } from '@app/dialects';
import type { SocketMessage } from '@app/providers';
import { type Message, messageOf, readMessage } from './messages.js';
import type { Leg } from './resume/leg.js';
import type { VendorTalk } from './vendor-talk.js';

type Speaker = Pick<Leg, 'names' | 'turns'>;
/** @param known what the message says, where it was read */
type Tell = (message: SocketMessage, known: Message | null, isSound: boolean) => void;

/** What the caller of a session says, until it is told to the vendor: read where the gateway has to know it. */
export class CallerWords {
  /** @param dialect of the caller */
  constructor(
    private readonly dialect: LiveDialect,
    private readonly talk: VendorTalk,
    private readonly tell: Tell,
  ) {}

  /**
   * Null when its vendor was told; else resolves when the message may be taken again, as it has to be paid for before.
   *
   * @throws GatewayError (400, 403) for what the vendor is not to be told
   */
  take(message: SocketMessage, to: Speaker): Promise<void> | null {
    const { dialect, talk } = this;
    const { data } = message;
    const isSound = dialect.isOnlySound(data);
    to.turns.noteSaid(data, isSound, dialect);
    if (talk.crossing) {
      talk.crossing.fromCaller(this.admitted(readMessage(data), to), talk.sides);
    } else if (dialect.isWorthReading(data)) {
      return this.tellRenamed(message, isSound, to);
    } else {
      this.tell(message, null, isSound);
    }
    return null;
  }

  private tellRenamed(message: SocketMessage, isSound: boolean, to: Speaker): Promise<void> | null {
    const { dialect } = this;
    const { names, turns } = to;
    const read = readMessage(message.data);
    const paying = dialect.endsSpeech(read) ? turns.paySpeech() : null;
    if (!paying) {
      names.isChanged = false;
      const said = this.admitted(read, to);
      this.tell(names.isChanged ? messageOf(said, dialect) : message, said, isSound);
    }
    return paying;
  }

  private admitted(said: Message, { names, turns }: Speaker): Message {
    const { dialect } = this;
    const admitted = dialect.admit(said, names);
    if (dialect.asksForAnswer(said)) {
      turns.asked();
    }
    if (dialect.speaksUp(said)) {
      turns.spokenOver();
    }
    return admitted;
  }
}
