/** The customer's newest trades. */

import { html, nothing } from "../vendor/lit-html.js";
import { repeat } from "../vendor/directives/repeat.js";
import { amount, clock, moment, shares } from "../model/format.js";

/** Statements have the rest, as CSV. */
const LISTED = 500;

/** @param {import("../state.js").State} state */
export function tradesView(state) {
  const trades = state.trades.value;
  if (!trades?.length) return html`<p class="hint">${trades ? "No trade yet." : "Waiting for the trades."}</p>`;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Trades">
      <table class="trades">
        <thead><tr><th scope="col">Side</th><th scope="col">Ticker</th><th scope="col" class="number">Shares</th><th scope="col" class="number">Price</th>
          <th scope="col">Venue</th><th scope="col" class="number">Fee</th><th scope="col">Value date</th><th scope="col" class="number">Time</th></tr></thead>
        <tbody>${repeat(trades.slice(0, LISTED), (each) => each.tradeId, (each) => html`
          <tr><td class=${each.direction.toLowerCase()}>${each.direction}</td><td><b>${each.ticker}</b></td><td class="number">${shares(each.quantity)}</td>
            <td class="number">${amount(each.price)}</td><td>${each.exchange} <small>${each.exchangeType}</small></td><td class="number">${amount(each.fee)}</td>
            <td>${each.valueDate}</td><td class="number"><time datetime=${each.tradeDate} title=${clock(each.tradeDate, state.utc, true)}>${moment(each.tradeDate, state.utc)}</time></td></tr>`)}</tbody>
      </table>
      ${trades.length > LISTED ? html`<p class="hint">These are the newest ${LISTED}. Statements has all of a day, as CSV.</p>` : nothing}
    </div>`;
}
