import type { ForgottenAnswers } from '@app/optimization';
import type { Numbered, Secrets, UpstreamFailure } from '@app/shared';
import type { AnswerFacts } from './awaited-answer.js';

const NEWLINE = 0x0a;

/** What a gateway that follows a call says to the one that makes it. */
export interface Wish {
  readonly wish: 'join' | 'stay' | 'leave';
  /** Where news go. */
  readonly address: string;
  /** Of who follows, as news call it. */
  readonly id: string;
}

/** What a gateway that makes a call says to one that follows it. */
export interface News {
  readonly id: string;
  /** One more than that of the news before. */
  readonly number: number;
  /** The call goes on, and the number is that of the last news: nothing is new. */
  readonly isBeat?: boolean;
  /** A vendor has begun to answer. */
  readonly answer?: AnswerFacts;
  /** All of it is not to be had any more. */
  readonly isLost?: boolean;
  /** Lengths of the pieces that have come, in bytes; they are behind the news. */
  readonly pieces?: readonly number[];
  /** Nothing more comes of this answer. */
  readonly end?: 'ended' | 'broke';
  readonly costNanoUsd?: number | null;
  /** The call is over. */
  readonly isOver?: boolean;
  readonly failure?: UpstreamFailure;
  /** No such call is being made. */
  readonly isUnknown?: boolean;
}

/** What a gateway says to all others. */
export interface Circular extends Numbered {
  readonly forget: ForgottenAnswers;
}

export type Said = Wish | News | Circular;

/** A message as it was opened. */
export interface Mail {
  /** Of the request; of a circular: where it is sent. */
  readonly key: string;
  readonly said: Said;
  readonly body: Buffer;
}

/** Nobody else reads it, or makes such a message: the text of answers is in it. */
export function sealMail({ key, said, body }: Mail, secrets: Secrets): string {
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(said)}\n`), body]);
  return `${key} ${secrets.encrypt(bytes, key)}`;
}

/** @throws Error when it is no message of a gateway with the same encryption keys */
export function openMail(message: string, secrets: Secrets): Mail {
  const [key = '', envelope = ''] = message.split(' ');
  const bytes = secrets.decryptBytes(envelope, key);
  const end = bytes.indexOf(NEWLINE);
  return {
    key,
    said: JSON.parse(bytes.toString('utf8', 0, end)) as Said,
    body: bytes.subarray(end + 1),
  };
}
