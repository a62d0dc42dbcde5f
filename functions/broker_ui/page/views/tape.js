/** The tape of the chosen ticker: every execution once, the newest first. */

import { html, nothing } from "../vendor/lit-html.js";
import { repeat } from "../vendor/directives/repeat.js";
import { amount, clock, shares } from "../model/format.js";
import { kind, took } from "../model/tape.js";
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
          <tbody>${repeat(prints, (each) => each.printId, (each) => row(each, state.utc))}</tbody>
        </table>
      </div>`
    : html`<p class="hint">${prints ? "Nothing has traded yet." : (state.tape.fault ?? "Waiting for the tape.")}</p>`;
  return panel({ id: "tape", title: html`Tape <span class="of">${state.ticker}</span>`, stale: isMarketStale(state.tape, state), body });
}

/** @param {import("../types").Print} print @param {boolean} utc */
function row(print, utc) {
  const [special, by] = [kind(print), took(print)];
  return html`
    <tr><td><time datetime=${print.time} title=${clock(print.time, utc, true)}>${clock(print.time, utc)}</time></td><td class="number">${shares(print.quantity)}</td>
      <td class="number ${print.aggressor?.toLowerCase() ?? ""}">${amount(print.price)}${by ? html`<span class="unseen">, ${by}</span>` : nothing}</td>
      <td title=${special ? `${print.exchange}, ${special.whole.toLowerCase()}` : print.exchange}>${special ? html`<small class=${print.auction ? "auction" : "dark"}>${special.short}</small> ` : nothing}${print.exchange}</td></tr>`;
}
