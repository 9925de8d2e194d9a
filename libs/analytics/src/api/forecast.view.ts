import type { Anomalies } from '../domain/forecast/anomalies.service.js';
import type { Forecast, ProjectForecast } from '../domain/forecast/forecasts.service.js';
import type { AnomaliesView, ForecastEntry, ForecastView } from './forecast.dto.js';
import { isoOf } from './usage-summary.view.js';

export function toForecastView({ at, until, projects }: Forecast): ForecastView {
  return { at: isoOf(at), until: isoOf(until), data: projects.map(toEntry) };
}

export function toAnomaliesView({ from, to, found }: Anomalies): AnomaliesView {
  const data = found.map(({ start, ...anomaly }) => ({ start: isoOf(start), ...anomaly }));
  return { from: isoOf(from), to: isoOf(to), data };
}

function toEntry({ spent, forecast, ...entry }: ProjectForecast): ForecastEntry {
  return {
    ...entry,
    spentNanoUsd: String(spent),
    expectedNanoUsd: forecast && String(forecast.expected),
    lowNanoUsd: forecast && String(forecast.low),
    highNanoUsd: forecast && String(forecast.high),
  };
}
