/** The order ticket: its fields, what would come of the order, and the button that sends it. */

import { html, nothing } from "../vendor/lit-html.js";
import { live } from "../vendor/directives/live.js";
import { quoteOf } from "../model/book.js";
import { amount, shares } from "../model/format.js";
import { hasPrice, hasStop, orderOf, PEGS, SELF_TRADES, sentence, TIMES, TYPE_NAMES, TYPES, unusual } from "../model/order_form.js";
import { panel, term } from "./parts.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../actions.js").Actions} Actions */
/** @typedef {import("../types").Ticket} Ticket */

/** What is unusual about an order, of the customer that is shown. @param {Record<string, any> | undefined} order @param {State} state */
export const warningsOf = (order, state) => (order ? unusual(order, quoteOf(state.tickers.value, state.book.value, order.ticker), [...(state.orders.value?.values() ?? [])]) : []);

/** @param {State} state @param {Actions} act */
export function ticketView(state, act) {
  const { ticket } = state;
  const { order } = orderOf(ticket, state.customerId);
  const quote = quoteOf(state.tickers.value, state.book.value, ticket.ticker);
  const warnings = warningsOf(order, state);
  const halted = state.account.value?.halted;
  const body = html`
    <form class=${`ticket is-${ticket.direction.toLowerCase()}`}
      @submit=${(/** @type {Event} */ event) => event.preventDefault()} autocomplete="off">
      ${sides(ticket, act)}
      <div class="pair">
        ${select(state, act, "ticker", "Ticker", Object.fromEntries((state.tickers.value ?? [{ ticker: ticket.ticker }]).map((each) => [each.ticker, each.ticker])))}
        ${select(state, act, "type", "Type", Object.fromEntries(TYPES.map((type) => [type, TYPE_NAMES[type]])))}
      </div>
      <div class="quote" aria-label="Quote">
        <button type="button" class="sell" @click=${() => act.edit(hasPrice(ticket) ? { price: quote?.bid ?? "" } : {})} title="Take the bid as the limit">
          <small>Bid</small> ${amount(quote?.bid)}</button>
        <button type="button" class="buy" @click=${() => act.edit(hasPrice(ticket) ? { price: quote?.ask ?? "" } : {})} title="Take the ask as the limit">
          <small>Ask</small> ${amount(quote?.ask)}</button>
      </div>
      <div class="pair">
        ${text(state, act, "quantity", "Quantity", "numeric")}
        ${hasPrice(ticket) ? text(state, act, "price", "Limit price", "decimal") : nothing}
        ${hasStop(ticket) ? text(state, act, "stopPrice", "Stop price", "decimal") : nothing}
      </div>
      ${select(state, act, "timeInForce", "Time in force", TIMES)}
      <details ?open=${state.more} @toggle=${(/** @type {Event} */ event) => act.set({ more: /** @type {HTMLDetailsElement} */ (event.currentTarget).open })}>
        <summary>More terms</summary>
        ${text(state, act, "minimumQuantity", "Minimum quantity", "numeric")}
        ${select(state, act, "peg", "Peg to", PEGS)}
        ${ticket.peg === "none" ? nothing : text(state, act, "pegOffset", "Offset of the peg", "decimal")}
        ${select(state, act, "selfTradePrevention", "Self-trade prevention", SELF_TRADES)}
        ${check(state, act, "postOnly", "Post only: it never takes")}
        ${check(state, act, "poolOnly", "Pool only: it rests in the dark pools")}
      </details>
      ${warnings.map((said) => html`<p class="warning">${said}</p>`)}
      ${preview(state)}
      <p class="fault" role="alert">${state.ticketFault || nothing}</p>
      ${state.previewFault && !state.ticketFault ? html`<p class="fault">${state.previewFault}</p>` : nothing}
      ${halted ? html`<p class="warning">This customer is suspended: orders are refused.</p>` : nothing}
      <button type="button" id="send" class="primary" ?disabled=${state.sending} @click=${() => act.submit()}>
        ${state.sending ? "Sending …" : `${state.askFirst ? "Review" : "Send"} ${order ? sentence(order) : ticket.direction.toLowerCase()}`}
      </button>
      <label class="check"><input type="checkbox" .checked=${live(state.askFirst)}
        @change=${(/** @type {Event} */ event) => act.choose({ askFirst: /** @type {HTMLInputElement} */ (event.currentTarget).checked })}> Ask before sending</label>
    </form>`;
  return panel({ id: "ticket", title: "Order ticket", body });
}

/** @param {Ticket} ticket @param {Actions} act */
const sides = (ticket, act) => html`
  <fieldset class="sides"><legend class="unseen">Side</legend>
    ${/** @type {const} */ (["Buy", "Sell"]).map((side) => html`
      <label class=${side.toLowerCase()}><input type="radio" name="direction" value=${side} .checked=${live(ticket.direction === side)}
        @change=${() => act.edit({ direction: side })}><span>${side}</span></label>`)}
  </fieldset>`;

/** @param {State} state @param {Actions} act @param {"quantity" | "price" | "stopPrice" | "minimumQuantity" | "pegOffset"} name @param {string} label @param {string} mode */
function text(state, act, name, label, mode) {
  const fault = state.faults[name];
  return html`
    <label class="field">${label}
      <input id=${`ticket-${name}`} inputmode=${mode} .value=${live(state.ticket[name])} aria-invalid=${fault ? "true" : "false"}
        aria-describedby=${`fault-${name}`} @input=${(/** @type {Event} */ event) => act.edit({ [name]: /** @type {HTMLInputElement} */ (event.currentTarget).value })}>
      <span class="fault" id=${`fault-${name}`}>${fault ?? nothing}</span>
    </label>`;
}

/** @param {State} state @param {Actions} act @param {"ticker" | "type" | "timeInForce" | "selfTradePrevention" | "peg"} name @param {string} label @param {Record<string, string>} options */
function select(state, act, name, label, options) {
  const chosen = state.ticket[name];
  /** @param {Event} event */
  const changed = (event) => {
    const value = /** @type {HTMLSelectElement} */ (event.currentTarget).value;
    if (name === "ticker") act.chooseTicker(value);
    else act.edit({ [name]: value });
  };
  return html`
    <label class="field">${label}
      <select id=${`ticket-${name}`} .value=${live(chosen)} @change=${changed} aria-describedby=${`fault-${name}`}>
        ${Object.entries(options).map(([value, shown]) => html`<option value=${value} ?selected=${value === chosen}>${shown}</option>`)}
      </select>
      <span class="fault" id=${`fault-${name}`}>${state.faults[name] ?? nothing}</span>
    </label>`;
}

/** @param {State} state @param {Actions} act @param {"postOnly" | "poolOnly"} name @param {string} label */
const check = (state, act, name, label) => html`
  <label class="check"><input type="checkbox" .checked=${live(state.ticket[name])} aria-describedby=${`fault-${name}`}
    @change=${(/** @type {Event} */ event) => act.edit({ [name]: /** @type {HTMLInputElement} */ (event.currentTarget).checked })}> ${label}</label>
  <span class="fault" id=${`fault-${name}`}>${state.faults[name] ?? nothing}</span>`;

/** What the API says of the order before it is sent. @param {State} state */
function preview({ preview: shown, faults, ticket }) {
  if (!shown) return html`<p class="hint">Fill in the order to see what it reserves and costs.</p>`;
  return html`
    <dl class="terms" id="preview">
      ${shown.reserves?.cash !== undefined ? term("Reserves", `${amount(shown.reserves.cash)} USD`) : nothing}
      ${shown.reserves?.shares !== undefined ? term("Reserves", `${shares(shown.reserves.shares)} shares`) : nothing}
      ${shown.value ? term("Worth", amount(shown.value)) : nothing}
      ${shown.highestFees ? term("Fees", `at most ${amount(shown.highestFees)}`) : nothing}
      ${shown.protectionPrice ? term("Worst price", amount(shown.protectionPrice)) : nothing}
      ${shown.furthestLimit ? term("Collar", amount(shown.furthestLimit)) : nothing}
      ${shown.buyingPower ? term("Buying power", amount(shown.buyingPower)) : nothing}
      ${shown.available !== undefined && ticket.direction === "Sell" ? term("Shares to sell", shares(shown.available)) : nothing}
    </dl>
    ${shown.problem ? html`<p class="warning">It would be refused${Object.values(faults).includes(shown.problem.detail) ? "." : `: ${shown.problem.detail}`}</p>` : nothing}`;
}
