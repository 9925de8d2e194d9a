import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { ProvidersModule } from '@app/providers';
import { Config, LOGGER, type Logger, Metrics } from '@app/shared';
import { CallExporter } from './domain/call-exporter.js';
import { Telemetry } from './domain/telemetry.service.js';

/** OpenTelemetry is imported for whoever has a collector; for all others nothing listens, and nothing is loaded. */
@Module({
  imports: [AnalyticsModule, ProvidersModule],
  providers: [
    Telemetry,
    {
      provide: CallExporter,
      inject: [Config, LOGGER, Metrics],
      useFactory: async (config: Config, logger: Logger, metrics: Metrics): Promise<CallExporter | null> => {
        const { collector } = config;
        if (!collector) {
          return null;
        }
        const { OpenTelemetryExporter } = await import('./infrastructure/open-telemetry.exporter.js');
        return new OpenTelemetryExporter(collector, config, { logger, metrics });
      },
    },
  ],
})
export class TelemetryModule {}
