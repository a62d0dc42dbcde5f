/** The lit order book of the chosen ticker, by exchange. A click on a price fills the ticket. */

import { html, nothing } from "../vendor/lit-html.js";
import { repeat } from "../vendor/directives/repeat.js";
import { indication } from "../model/auction.js";
import { text, units } from "../model/decimal.js";
import { amount, clock, shares } from "../model/format.js";
import { isMarketStale, panel } from "./parts.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../actions.js").Actions} Actions */
/** @typedef {import("../types").Level} Level */
/** @typedef {import("../types").Book} Book */

/** @param {State} state @param {Actions} act */
export function depthView(state, act) {
  const book = state.book.value;
  const most = Math.max(1, ...(book ? [...book.bids, ...book.asks].map((level) => level.quantity) : []));
  const body = book
    ? html`
      <div class="scroll" tabindex="0" role="region" aria-label="Depth by price">
        <table class="depth">
          <thead><tr><th scope="col" class="number">Shares</th><th scope="col" class="number">Price</th><th scope="col">Exchanges</th></tr></thead>
          <tbody class="asks">${levels([...book.asks].reverse(), most, "Buy", state.byExchange, act)}</tbody>
          <tbody>${book.auction ? html`<tr class="auction"><td colspan="3">${indication(book.auction)}</td></tr>` : nothing}
            <tr class="spread"><td colspan="3">${between(book)}
            ${book.time ? html`<small>entry ${book.sequence}, ${clock(book.time, state.utc)}</small>` : nothing}</td></tr></tbody>
          <tbody class="bids">${levels(book.bids, most, "Sell", state.byExchange, act)}</tbody>
        </table>
      </div>`
    : html`<p class="hint">${state.book.fault ?? "Waiting for the book."}</p>`;
  const tools = html`<button type="button" aria-pressed=${state.byExchange ? "true" : "false"} @click=${() => act.choose({ byExchange: !state.byExchange })} title="How many shares each exchange has">By exchange</button>`;
  return panel({ id: "depth", title: html`Depth <span class="of">${state.ticker}</span>`, stale: isMarketStale(state.book, state), tools, body });
}

/** What stands between the two sides. @param {Book} book */
function between({ session, bids, asks }) {
  if (session === "Closed") return "Closed: orders collect";
  const [bid, ask] = [bids[0]?.price, asks[0]?.price];
  return bid && ask ? `Spread ${amount(text(units(ask) - units(bid), 2))}` : "One side is empty";
}

/** @param {Level[]} side @param {number} most @param {"Buy" | "Sell"} direction @param {boolean} whole whether each exchange is shown with its shares @param {Actions} act */
const levels = (side, most, direction, whole, act) =>
  repeat(side, (level) => level.price, (level) => {
    const fill = () => act.edit({ direction, type: "Limit", price: level.price, stopPrice: "" });
    const exchanges = Object.entries(level.byExchange);
    const said = exchanges.map(([name, each]) => `${name} ${shares(each.quantity)} in ${each.orders} order${each.orders === 1 ? "" : "s"}`).join(", ");
    const names = whole ? exchanges.map(([name, each]) => html`<span>${name} <b>${shares(each.quantity)}</b></span>`) : exchanges.map(([name]) => name).join(" ");
    return html`
      <tr>
        <td class="number bar"><svg aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 1"><rect x=${100 - (100 * level.quantity) / most} width=${(100 * level.quantity) / most} height="1"></rect></svg><span>${shares(level.quantity)}</span></td>
        <td class="number"><button type="button" title=${`Fill the ticket: ${direction} at ${level.price}`} @click=${fill}>${amount(level.price)}</button></td>
        <td class=${whole ? "names whole" : "names"} title=${said}>${names}</td>
      </tr>`;
  });
