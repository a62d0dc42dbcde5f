/** All tickers with their quotes and their day. A click chooses the ticker of the page. */

import { html } from "../vendor/lit-html.js";
import { classMap } from "../vendor/directives/class-map.js";
import { repeat } from "../vendor/directives/repeat.js";
import { quoteOf } from "../model/book.js";
import { amount, shares } from "../model/format.js";
import { isMarketStale, panel } from "./parts.js";

/** @param {import("../state.js").State} state @param {import("../actions.js").Actions} act */
export function watchlistView(state, act) {
  const body = html`
    <div class="scroll" tabindex="0" role="region" aria-label="Tickers">
      <table class="watchlist">
        <thead><tr><th scope="col">Ticker</th><th scope="col" class="number">Bid</th><th scope="col" class="number">Ask</th><th scope="col" class="number">Volume</th></tr></thead>
        <tbody>${repeat(state.tickers.value ?? [], (each) => each.ticker, (listed) => {
          const each = quoteOf([listed], state.book.value, listed.ticker) ?? listed;
          return html`
          <tr class=${classMap({ chosen: each.ticker === state.ticker })}>
            <th scope="row"><button type="button" aria-pressed=${each.ticker === state.ticker ? "true" : "false"} @click=${() => act.chooseTicker(each.ticker)}>${each.ticker}</button></th>
            <td class="number">${amount(each.bid)}</td><td class="number">${amount(each.ask)}</td><td class="number">${shares(each.quantity)}</td>
          </tr>`;
        })}</tbody>
      </table>
    </div>`;
  return panel({ id: "watchlist", title: "Market", stale: isMarketStale(state.tickers, state), body });
}
