/** How far back the chart goes: so far that all of its bars fit into one answer of the API, the last one always among them. */

/** @typedef {"1m" | "5m" | "1h" | "1d"} Timeframe */

/** How long a bar is. */
export const SECONDS = { "1m": 60, "5m": 300, "1h": 3_600, "1d": 86_400 };
const [HOUR, DAY] = [3_600, 86_400];
/** Back from the beginning of the hour or day, so that the same is asked for again, and an unchanged answer is short. */
const RANGES = { "1m": [HOUR, 6 * HOUR], "5m": [HOUR, 36 * HOUR], "1h": [DAY, 19 * DAY], "1d": [DAY, 365 * DAY] };

/** When the first bar may begin. @param {Timeframe} timeframe @param {number} now milliseconds */
export function firstBar(timeframe, now) {
  const [step = HOUR, back = DAY] = RANGES[timeframe];
  const seconds = Math.floor(now / 1000 / step) * step - back;
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** The customer's own executions that the chart marks. @param {import("../types").Trade[]} trades @param {string} ticker @param {import("../types").Bar[]} bars */
export function executionsOn(trades, ticker, bars) {
  const first = bars[0]?.time;
  return first === undefined ? [] : trades.filter((each) => each.ticker === ticker && each.tradeDate >= first);
}
