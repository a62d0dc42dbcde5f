/** The tape of the chosen ticker: every execution once, the newest first. */

import { html, nothing } from "../vendor/lit-html.js";
import { repeat } from "../vendor/directives/repeat.js";
import { amount, clock, shares } from "../model/format.js";
import { isMarketStale, panel } from "./parts.js";

/** @param {import("../state.js").State} state */
export function tapeView(state) {
  if (state.tape.absent) return nothing;
  const prints = state.tape.value;
  const body = prints?.length
    ? html`
      <div class="scroll" tabindex="0" role="region" aria-label="Trades of the ticker">
        <table class="tape">
          <thead><tr><th scope="col">Time</th><th scope="col" class="number">Shares</th><th scope="col" class="number">Price</th><th scope="col">Venue</th></tr></thead>
          <tbody>${repeat(prints, (each) => each.printId, (each) => html`
            <tr><td><time datetime=${each.time} title=${clock(each.time, state.utc, true)}>${clock(each.time, state.utc)}</time></td><td class="number">${shares(each.quantity)}</td>
              <td class="number ${each.aggressor?.toLowerCase() ?? ""}">${amount(each.price)}${each.aggressor ? html`<span class="unseen">, ${each.aggressor === "Buy" ? "a buy took" : "a sell took"}</span>` : nothing}</td>
              <td>${each.exchange}${each.exchangeType === "DarkPool" ? html` <small>dark</small>` : nothing}</td></tr>`)}</tbody>
        </table>
      </div>`
    : html`<p class="hint">${prints ? "Nothing has traded yet." : (state.tape.fault ?? "Waiting for the tape.")}</p>`;
  return panel({ id: "tape", title: html`Tape <span class="of">${state.ticker}</span>`, stale: isMarketStale(state.tape, state), body });
}
