/** The bars of the chosen ticker, with the customer's own executions on them. uPlot draws; the table beside it tells. */

import { html, nothing } from "../vendor/lit-html.js";
import { executionsOn } from "../model/bars.js";
import { amount, moment, shares } from "../model/format.js";
import { isMarketStale, panel } from "./parts.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../actions.js").Actions} Actions */

export const TIMEFRAMES = /** @type {const} */ (["1m", "5m", "1h", "1d"]);

/** @param {State} state @param {Actions} act */
export function chartView(state, act) {
  if (state.bars.absent) return nothing;
  const bars = state.bars.value;
  const last = bars?.[bars.length - 1];
  const own = executionsOn(state.trades.value ?? [], state.ticker, bars ?? []).length;
  const marked = own ? `${own} execution${own === 1 ? "" : "s"} of the customer` : "";
  const tools = html`
    <div class="choices" role="group" aria-label="How long a bar is">${TIMEFRAMES.map((each) => html`
      <button type="button" aria-pressed=${state.timeframe === each ? "true" : "false"} @click=${() => act.chooseTimeframe(each)}>${each}</button>`)}</div>`;
  const body = html`
    <p class="hint figures">${last
      ? html`Last ${amount(last.close)}, high ${amount(last.high)}, low ${amount(last.low)}, ${shares(last.quantity)} shares since ${moment(last.time, state.utc)}${marked ? html`. Marked: ${marked}` : nothing}`
      : bars ? "Nothing has traded yet: a bar comes with the first trade." : (state.bars.fault ?? "Waiting for the bars.")}</p>
    <div class="plot" role="img" aria-label=${last ? `Chart of ${state.ticker}: ${bars?.length} bars, the last at ${last.close}${marked ? `, ${marked}` : ""}` : `Chart of ${state.ticker}, empty`}></div>`;
  return panel({ id: "chart", title: html`Chart <span class="of">${state.ticker}</span>`, stale: isMarketStale(state.bars, state), tools, body });
}
