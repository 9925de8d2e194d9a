import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config, Metrics } from '@app/shared';
import { Reconciliation } from '../domain/rollups/reconciliation.js';
import { UsageRecorder } from '../domain/usage.recorder.js';
import { VoiceTotals } from '../domain/voice-totals.js';

/**
 * How usage records fare on their way to the store: what waits, how much room there is, and what must never be more than 0; and how
 * realtime sessions fare.
 */
@Injectable()
export class LedgerMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly recorder: UsageRecorder,
    private readonly reconciliation: Reconciliation,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const { metrics, recorder, reconciliation, config } = this;
    metrics.gauge(
      'llmhub_usage_spool_bytes',
      'Bytes of usage records that wait for the store.',
      () => recorder.spoolBytes,
    );
    metrics.gauge('llmhub_usage_spool_limit_bytes', 'Bytes that may wait.', () => config.spoolLimitBytes);
    metrics.gauge(
      'llmhub_usage_batches',
      'Batches of usage records that wait for the store.',
      () => recorder.batches,
    );
    metrics.gauge(
      'llmhub_usage_unsafe_calls',
      'Calls whose usage only memory has: the spool is full, or cannot be written.',
      () => recorder.unsafeCalls,
    );
    metrics.counter('llmhub_usage_lost_calls_total', 'Calls whose usage is lost.', () => recorder.dropped);
    metrics.counter(
      'llmhub_usage_rollup_differences_total',
      'Hourly sums that were not what the records add up to, and were mended.',
      () => reconciliation.differences,
    );
    const totals = new VoiceTotals();
    recorder.onRecord(({ voice }) => {
      if (voice) {
        totals.add(voice);
      }
    });
    this.voice(totals);
  }

  private voice(totals: VoiceTotals): void {
    const { answers, bargeIns, frames } = totals;
    for (const [name, help, read] of [
      ['answers_total', 'Answers that were heard, and asked for.', () => answers.count],
      [
        'first_sound_seconds_total',
        'How long they let their callers wait for a sound.',
        () => answers.seconds,
      ],
      ['barge_ins_total', 'Answers that were broken off by their callers.', () => bargeIns.count],
      ['barge_in_seconds_total', 'How long they were heard after that.', () => bargeIns.seconds],
      ['frames_total', 'Frames passed on in sessions that have ended.', () => frames.count],
      ['held_seconds_total', 'How long the gateway held these.', () => frames.seconds],
      [
        'paused_seconds_total',
        'How long a side was not read, the other being slow.',
        () => totals.pausedSeconds,
      ],
    ] as const) {
      this.metrics.counter(`llmhub_voice_${name}`, help, read);
    }
  }
}
