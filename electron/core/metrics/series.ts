/** What is sampled of a node every tick. Percent are 0 to 100; a series that is added later is unknown in what was kept before. */
export const metricSeries = [
  'cpuPercent',
  'memoryUsedPercent',
  'networkRxBitsPerSecond',
  'networkTxBitsPerSecond',
  'load1',
  'diskReadBytesPerSecond',
  'diskWrittenBytesPerSecond',
] as const;

export type MetricSeries = (typeof metricSeries)[number];

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const minutesAnHour = 60;
