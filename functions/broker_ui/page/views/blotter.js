/** All orders of the customer: filtered, sorted, and canceled or replaced where they stand. */

import { html, nothing } from "../vendor/lit-html.js";
import { classMap } from "../vendor/directives/class-map.js";
import { live } from "../vendor/directives/live.js";
import { repeat } from "../vendor/directives/repeat.js";
import { amount, day, moment, shares } from "../model/format.js";
import { TYPE_NAMES } from "../model/order_form.js";
import { isOpen, mayCancel, mayReplace, rows, STATE_NAMES, terms } from "../model/orders.js";
import { rowWindow, stepped } from "../model/row_window.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../actions.js").Actions} Actions */
/** @typedef {import("../types").Order} Order */

const COLUMNS = /** @type {const} */ ([
  ["state", "State", ""], ["side", "Side", ""], ["ticker", "Ticker", ""], ["quantity", "Quantity", "number"], ["filled", "Filled", "number"],
  ["price", "Limit", "number"], ["average", "Average", "number"], ["type", "Type", ""], ["time", "Entered", "number"],
]);

/** @param {State} state @param {Actions} act */
export function blotterView(state, act) {
  const all = state.orders.value;
  const shown = rows(all?.values() ?? [], state.filter, state.sorting);
  const { first, end } = rowWindow(shown.length, state.scrolled.rows);
  return html`
    ${filters(state, act, shown.length, all?.size ?? 0)}
    <div class="scroll" tabindex="0" role="region" aria-label="Orders" @scroll=${(/** @type {Event} */ event) => scrolled(event, state, act)}>
      <table class="orders" aria-rowcount=${shown.length + 1}>
        <colgroup>${["change", ...COLUMNS.map(([column]) => column), "reason"].map((column) => html`<col class=${`column-${column}`}>`)}</colgroup>
        <thead><tr><th scope="col">Change</th>${COLUMNS.map(([column, name, kind]) => head(state, act, column, name, kind))}<th scope="col">Reason</th></tr></thead>
        <tbody>${space(first, state)}${repeat(shown.slice(first, end), (order) => order.orderId, (order, number) => row(order, first + number, state, act))}${space(shown.length - end, state)}</tbody>
      </table>
      ${shown.length ? nothing : html`<p class="hint">${all ? (all.size ? "No order fits the filter." : "No order yet. The ticket sends one.") : "Waiting for the orders."}</p>`}
      ${state.older ? html`<button type="button" class="more" @click=${() => act.olderOrders()}>Show older orders</button>` : nothing}
    </div>`;
}

/** In place of rows that are not drawn. @param {number} count @param {State} state */
const space = (count, { scrolled: { height } }) => (count ? html`<tr aria-hidden="true"><td colspan=${COLUMNS.length + 2} height=${count * height}></td></tr>` : nothing);

/** Draws other rows when the reader has scrolled far enough. @param {Event} event @param {State} state @param {Actions} act */
function scrolled(event, state, act) {
  const place = /** @type {HTMLElement} */ (event.currentTarget);
  const height = /** @type {HTMLElement | null} */ (place.querySelector("tbody tr[id]"))?.offsetHeight ?? state.scrolled.height;
  const seen = Math.floor(place.scrollTop / height);
  if (stepped(seen) !== stepped(state.scrolled.rows) || height !== state.scrolled.height) act.set({ scrolled: { rows: seen, height } });
}

/** @param {State} state @param {Actions} act @param {number} shown @param {number} all */
const filters = (state, act, shown, all) => html`
  <div class="filters">
    <label><span class="unseen">Filter</span><input type="search" id="filter" placeholder="Filter" .value=${live(state.filter.text)}
      @input=${(/** @type {Event} */ event) => act.set({ filter: { ...state.filter, text: /** @type {HTMLInputElement} */ (event.currentTarget).value } })}></label>
    <div class="choices" role="group" aria-label="State">
      ${/** @type {const} */ ([["all", "All"], ["open", "Open"], ["ended", "Ended"]]).map(([value, name]) => html`
        <button type="button" aria-pressed=${state.filter.state === value ? "true" : "false"} @click=${() => act.set({ filter: { ...state.filter, state: value } })}>${name}</button>`)}
    </div>
    <label class="check"><input type="checkbox" .checked=${live(state.filter.ticker !== "")}
      @change=${(/** @type {Event} */ event) => act.set({ filter: { ...state.filter, ticker: /** @type {HTMLInputElement} */ (event.currentTarget).checked ? state.ticker : "" } })}> ${state.filter.ticker || state.ticker} only</label>
    <span class="count">${shown === all ? shown : `${shown} of ${all}`} order${all === 1 ? "" : "s"}</span>
    <button type="button" class="danger" ?disabled=${!state.account.value?.openOrders} @click=${() => act.set({ dialog: "cancel-all" })}>Cancel all</button>
  </div>`;

/** @param {State} state @param {Actions} act @param {string} column @param {string} name @param {string} kind */
function head(state, act, column, name, kind) {
  const chosen = state.sorting.column === column;
  const sort = chosen ? (state.sorting.descending ? "descending" : "ascending") : "none";
  const descending = chosen ? !state.sorting.descending : kind === "number";
  return html`<th scope="col" class=${kind} aria-sort=${sort}><button type="button" @click=${() => act.set({ sorting: { column, descending } })}>${name}</button></th>`;
}

/** @param {Order} order @param {number} number its place in the list @param {State} state @param {Actions} act */
function row(order, number, state, act) {
  const editing = state.editing?.orderId === order.orderId ? state.editing : undefined;
  const refused = order.refusedCancel ? `Not canceled: ${order.refusedCancel.reason}` : order.refusedReplace ? `Not replaced: ${order.refusedReplace.reason}` : "";
  const [reason, said] = [order.problem?.detail ?? order.reason ?? refused, terms(order)];
  const share = order.quantity ? Math.round((100 * order.cumulativeQuantity) / order.quantity) : 0;
  const showLife = () => act.showLife(state.lifeOf === order.orderId ? "" : order.orderId);
  return html`
    <tr id=${`order-${order.orderId}`} aria-rowindex=${number + 2} class=${classMap({ ended: !isOpen(order), chosen: state.lifeOf === order.orderId })} data-state=${order.state}
      @click=${(/** @type {Event} */ event) => besideControls(event) && showLife()}>
      <td class="changes">${editing ? replacing(editing, act) : changes(order, state, act)}</td>
      <td><button type="button" class="state" @click=${showLife}
        aria-expanded=${state.lifeOf === order.orderId ? "true" : "false"} title="Show the order's life"><i class="dot"></i>${STATE_NAMES[order.state]}</button></td>
      <td class=${order.direction.toLowerCase()}>${order.direction}</td>
      <td><b>${order.ticker}</b></td>
      <td class="number">${editing ? field(editing, act, "quantity", "New quantity") : shares(order.quantity)}</td>
      <td class="number filled">${shares(order.cumulativeQuantity)}<progress max="100" value=${share} aria-hidden="true"></progress></td>
      <td class="number">${editing && order.price !== undefined ? field(editing, act, "price", "New limit") : amount(order.price)}</td>
      <td class="number">${amount(order.averagePrice)}</td>
      <td title=${said}>${TYPE_NAMES[order.type]} <small>${said}</small></td>
      <td class="number" title=${day(new Date(order.orderDate), state.utc)}><time datetime=${order.orderDate}>${moment(order.orderDate, state.utc)}</time></td>
      <td class="reason" title=${reason}>${editing?.fault ? html`<span class="fault" role="alert">${editing.fault}</span>` : reason}</td>
    </tr>`;
}

/** Whether a click is meant for the row: it is on no button or field, and ends no selection of text. @param {Event} event */
function besideControls(event) {
  return !(/** @type {Element} */ (event.target).closest("button, input")) && getSelection()?.isCollapsed !== false;
}

/** @param {Order} order @param {State} state @param {Actions} act */
function changes(order, state, act) {
  if (!isOpen(order)) return nothing;
  const what = `${order.direction} ${order.quantity} ${order.ticker}`;
  const { orderId } = order;
  return html`
    <button type="button" class="cancel" aria-label=${`Cancel ${what}`} ?disabled=${!mayCancel(order) || state.asked.has(orderId)} @click=${() => act.cancel(order)}>Cancel</button>
    <button type="button" class="replace" aria-label=${`Replace ${what}`} ?disabled=${!mayReplace(order)}
      @click=${() => act.editReplacement(order)}>Replace</button>`;
}

/** @param {NonNullable<State["editing"]>} editing @param {Actions} act */
const replacing = (editing, act) => html`
  <button type="button" class="primary" @click=${() => act.replace()}>Send</button>
  <button type="button" @click=${() => act.endReplacement()}>Back</button>
  <span class="unseen">${editing.fault}</span>`;

/** @param {NonNullable<State["editing"]>} editing @param {Actions} act @param {"quantity" | "price"} name @param {string} label */
const field = (editing, act, name, label) => html`
  <input class="inline" aria-label=${label} inputmode="decimal" .value=${live(editing[name])}
    @input=${(/** @type {Event} */ event) => act.set({ editing: { ...editing, [name]: /** @type {HTMLInputElement} */ (event.currentTarget).value, fault: "" } })}
    @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && act.endReplacement()}>`;
