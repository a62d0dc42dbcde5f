/** Draws bars and executions into the chart's panel, outside of the templates: uPlot keeps a canvas. */

import { executionsOn, SECONDS } from "../model/bars.js";
import { clock, day } from "../model/format.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../types").Bar} Bar */
/** @typedef {import("../types").Trade} Trade */

/** @type {Promise<{default: any}> | undefined} */
let library;
/** @type {any} */
let plot;
const LEAST_BARS = 30;
let drawn = /** @type {Record<string, unknown>} */ ({});

/** Draws what has changed since the last time. @param {State} state @param {ParentNode} root */
export async function drawChart(state, root) {
  const place = /** @type {HTMLElement | null} */ (root.querySelector("#chart .plot"));
  const bars = state.bars.value;
  if (!place || !bars?.length) return forget();
  library ??= import("../vendor/uplot.js");
  const { default: UPlot } = await library;
  if (!place.isConnected || state.bars.value !== bars) return undefined;
  const own = executionsOn(state.trades.value ?? [], state.ticker, bars);
  const looks = { bars, trades: state.trades.value, utc: state.utc, theme: state.theme, dark: matchMedia("(prefers-color-scheme: dark)").matches, place, width: place.clientWidth, height: place.clientHeight };
  if (same(looks, drawn)) return undefined;
  drawn = looks;
  plot?.destroy();
  plot = new UPlot(options(state, looks.width, looks.height, own), columns(bars), place);
}

/** Nothing is drawn where there is nothing to draw, or no chart. */
function forget() {
  plot?.destroy();
  [plot, drawn] = [undefined, {}];
}

/** @param {Record<string, unknown>} left @param {Record<string, unknown>} right */
const same = (left, right) => Object.keys(left).every((name) => left[name] === right[name]);

/** Numbers for the eye alone: prices stay text everywhere else. @param {Bar[]} bars */
const columns = (bars) => [
  bars.map((each) => Date.parse(each.time) / 1000),
  ...(/** @type {const} */ (["open", "high", "low", "close"])).map((name) => bars.map((each) => Number(each[name]))),
  bars.map((each) => each.quantity),
];

/** @param {State} state @param {number} width @param {number} height @param {Trade[]} own */
function options(state, width, height, own) {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const colour = (name) => resolved(style.getPropertyValue(name));
  const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui" };
  /** @param {number} seconds */
  const when = (seconds) => {
    const time = new Date(seconds * 1000);
    if (state.timeframe === "1d") return day(time, true);
    const its = clock(time.toISOString(), state.utc).slice(0, 5);
    return its === "00:00" ? day(time, state.utc).slice(5) : its;
  };
  const hidden = { show: true, stroke: "transparent", points: { show: false }, paths: () => null };
  return {
    width, height, legend: { show: false }, cursor: { y: false, points: { show: false } }, padding: [8, 8, 0, 0],
    scales: { x: { range: span(state) }, y: { range: range }, volume: { range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ most) => [0, most * 5 || 1] } },
    axes: [{ ...axis, size: 30, values: (/** @type {any} */ _, /** @type {number[]} */ all) => all.map(when) }, { ...axis, side: 1, size: 62, values: (/** @type {any} */ _, /** @type {number[]} */ all) => all.map((each) => each.toFixed(2)) }],
    series: [{}, hidden, hidden, hidden, hidden, { ...hidden, scale: "volume" }],
    hooks: { draw: [(/** @type {any} */ u) => paint(u, own, SECONDS[state.timeframe], { up: colour("--buy"), down: colour("--sell"), volume: colour("--line"), text: colour("--text") })] },
  };
}

/** At least so many bars of time, so that the first one does not fill the chart: of a single one uPlot would show years. @param {State} state */
function span({ timeframe, bars }) {
  const bar = SECONDS[timeframe];
  const times = (bars.value ?? []).map((each) => Date.parse(each.time) / 1000);
  const [first = 0, last = 0] = [times[0], times[times.length - 1]];
  return () => [Math.min(first - bar, last - LEAST_BARS * bar), last + 2 * bar];
}

/** @param {any} _ @param {number} least @param {number} most */
function range(_, least, most) {
  const room = Math.max((most - least) * 0.1, most * 0.0005, 0.01);
  return [least - room, most + room];
}

/** @param {any} u @param {Trade[]} own @param {number} bar its seconds @param {{up: string, down: string, volume: string, text: string}} colours */
function paint(u, own, bar, colours) {
  const { ctx, data } = u;
  const [times, open, high, low, close, volume] = data;
  const width = Math.max(2, Math.min(14 * devicePixelRatio, (0.6 * u.bbox.width) / Math.max(times.length, 1)));
  ctx.save();
  for (let place = 0; place < times.length; place++) {
    const x = u.valToPos(times[place], "x", true);
    const [from, to] = [u.valToPos(open[place], "y", true), u.valToPos(close[place], "y", true)];
    ctx.fillStyle = colours.volume;
    const top = u.valToPos(volume[place], "volume", true);
    ctx.fillRect(x - width / 2, top, width, u.bbox.top + u.bbox.height - top);
    ctx.fillStyle = close[place] >= open[place] ? colours.up : colours.down;
    ctx.fillRect(x - 0.5 * devicePixelRatio, u.valToPos(high[place], "y", true), devicePixelRatio, u.valToPos(low[place], "y", true) - u.valToPos(high[place], "y", true));
    ctx.fillRect(x - width / 2, Math.min(from, to), width, Math.max(Math.abs(to - from), 1.5 * devicePixelRatio));
  }
  for (const each of own) mark(u, each, bar, colours);
  ctx.restore();
}

/** A triangle where the customer bought (up) or sold (down), on the bar of that time. @param {any} u @param {Trade} trade @param {number} bar @param {{up: string, down: string, text: string}} colours */
function mark(u, trade, bar, colours) {
  const { ctx } = u;
  const size = 5 * devicePixelRatio;
  const [x, y] = [u.valToPos(Math.floor(Date.parse(trade.tradeDate) / 1000 / bar) * bar, "x", true), u.valToPos(Number(trade.price), "y", true)];
  if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
  const down = trade.direction === "Buy" ? 1 : -1;
  ctx.beginPath();
  ctx.moveTo(x, y + down * 2);
  ctx.lineTo(x - size, y + down * 2 * size);
  ctx.lineTo(x + size, y + down * 2 * size);
  ctx.closePath();
  ctx.fillStyle = trade.direction === "Buy" ? colours.up : colours.down;
  ctx.fill();
  ctx.strokeStyle = colours.text;
  ctx.lineWidth = 0.5 * devicePixelRatio;
  ctx.stroke();
}

/** A colour that a canvas understands, of one that depends on the scheme. @param {string} text */
function resolved(text) {
  const probe = document.createElement("i");
  probe.style.color = text;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
