import { Injectable } from '@nestjs/common';
import { putLast, type TokenHold } from '@app/shared';

/** Tokens that an answer is thought to have while none is known: the answers of chats are about as long. */
const FIRST_GUESS = 500;
/** What one answer says of the next ones. */
const WEIGHT = 0.2;
/** So many are remembered, the latest used: projects times models. */
const REMEMBERED = 10_000;

/** How long answers get that nobody limits: a running mean for each project and model, in tokens. */
@Injectable()
export class AnswerLengths {
  private readonly means = new Map<string, number>();

  /** Tokens that such an answer is thought to have. @param of project and model */
  usual(of: string): number {
    return this.means.get(of) ?? FIRST_GUESS;
  }

  /**
   * The hold of such a call, which tells how long its answer was.
   *
   * @param of project and model
   * @param inputTokens of the call, as estimated
   */
  learningFrom(hold: TokenHold, of: string, inputTokens: number): TokenHold {
    return {
      quota: hold.quota,
      settle: used => {
        if (used !== null && used > 0) {
          this.learn(of, Math.max(0, used - inputTokens));
        }
        hold.settle(used);
      },
    };
  }

  private learn(of: string, tokens: number): void {
    const before = this.means.get(of);
    const mean = before === undefined ? tokens : before + WEIGHT * (tokens - before);
    putLast(this.means, of, mean, REMEMBERED);
  }
}
