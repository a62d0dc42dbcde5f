/** What the customer holds, and what it has earned. */

import { html } from "../vendor/lit-html.js";
import { repeat } from "../vendor/directives/repeat.js";
import { amount, shares, signed } from "../model/format.js";
import { gain } from "./parts.js";

/** @param {import("../state.js").State} state @param {import("../actions.js").Actions} act */
export function positionsView(state, act) {
  const positions = state.positions.value;
  if (!positions?.length) return html`<p class="hint">${positions ? "No position." : "Waiting for the positions."}</p>`;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Positions">
      <table class="positions">
        <thead><tr><th scope="col">Ticker</th>
          ${["Shares", "Available", "Unsettled", "Average cost", "Market value", "Unrealised", "Realised", "Commission"].map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
        <tbody>${repeat(positions, (each) => each.ticker, (each) => html`
          <tr>
            <th scope="row"><button type="button" @click=${() => act.chooseTicker(each.ticker)}>${each.ticker}</button></th>
            <td class="number">${shares(each.quantity)}</td><td class="number">${shares(each.available)}</td><td class="number">${shares(each.unsettled)}</td>
            <td class="number">${amount(each.averageCost)}</td><td class="number">${amount(each.marketValue)}</td>
            <td class="number ${gain(each.unrealisedProfit)}">${signed(each.unrealisedProfit)}</td>
            <td class="number ${gain(each.realisedProfit)}">${signed(each.realisedProfit)}</td>
            <td class="number">${amount(each.commission)}</td>
          </tr>`)}</tbody>
      </table>
    </div>`;
}
