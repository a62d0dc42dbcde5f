/** The page as a whole: its head, its panels, its foot. */

import { html, nothing } from "../vendor/lit-html.js";
import { classMap } from "../vendor/directives/class-map.js";
import { live } from "../vendor/directives/live.js";
import { quoteOf } from "../model/book.js";
import { amount, clock, moment, zone } from "../model/format.js";
import { tabsOf } from "../state.js";
import { accountView } from "./account.js";
import { blotterView } from "./blotter.js";
import { chartView } from "./chart.js";
import { depthView } from "./depth.js";
import { dialogView } from "./dialogs.js";
import { lifeView } from "./life.js";
import { isOld, isStale } from "./parts.js";
import { operationsView } from "./operations.js";
import { positionsView } from "./positions.js";
import { statementsView } from "./statements.js";
import { tapeView } from "./tape.js";
import { ticketView } from "./ticket.js";
import { tradesView } from "./trades.js";
import { watchlistView } from "./watchlist.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../actions.js").Actions} Actions */

const TAB_NAMES = { orders: "Orders", positions: "Positions", trades: "Trades", statements: "Statements", operations: "Operations" };
const THEMES = /** @type {const} */ (["auto", "light", "dark"]);

/** @param {State} state @param {Actions} act @param {() => void} signOut */
export const shell = (state, act, signOut) => html`
  ${head(state, act, signOut)}
  <main class="panels">
    <div class="left">${ticketView(state, act)}${accountView(state)}</div>
    <div class="middle">${chartView(state, act)}${records(state, act)}${state.lifeOf ? lifeView(state, act) : nothing}</div>
    <div class="right">${depthView(state, act)}${tapeView(state)}${watchlistView(state, act)}</div>
  </main>
  ${foot(state)}
  <div class="notices">${state.notices.map((each) => html`
    <p class=${each.kind}>${each.text}<button type="button" aria-label="Dismiss" @click=${() => act.dismiss(each.id)}>×</button></p>`)}</div>
  <p class="unseen" role="status" aria-live="polite">${state.spoken}</p>
  ${dialogView(state, act)}`;

/** @param {State} state @param {Actions} act @param {() => void} signOut */
function head(state, act, signOut) {
  const quote = quoteOf(state.tickers.value, state.book.value, state.ticker);
  return html`
    <header class="head">
      <h1>Broker</h1>
      ${customer(state, act)}
      <p class="of-ticker"><b>${state.ticker}</b> <span class="sell">${amount(quote?.bid)}</span> <span class="buy">${amount(quote?.ask)}</span></p>
      <nav aria-label="Settings">
        ${state.who.role === "broker" ? html`<button type="button" class=${classMap({ danger: !state.account.value?.halted })} ?disabled=${!state.account.value} @click=${() => act.set({ dialog: "halt" })}>${state.account.value?.halted ? "Let trade" : "Suspend"}</button>` : nothing}
        <button type="button" aria-pressed=${state.armed ? "true" : "false"} @click=${() => act.set({ armed: !state.armed })} title="Arm the hotkeys">Hotkeys ${state.armed ? "armed" : "off"}</button>
        <button type="button" aria-label="Sheet of hotkeys" @click=${() => act.set({ dialog: "hotkeys" })}>?</button>
        <button type="button" aria-pressed=${state.utc ? "true" : "false"} @click=${() => act.choose({ utc: !state.utc })} title="Times in UTC">UTC</button>
        <button type="button" @click=${() => act.choose({ theme: THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length] ?? "auto" })} title="Colours: as the system, light or dark">${{ auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark" }[state.theme]}</button>
        <button type="button" @click=${signOut}>Sign out</button>
      </nav>
    </header>`;
}

/** @param {State} state @param {Actions} act */
function customer(state, act) {
  if (state.who.role !== "broker") return html`<p>Customer <b>${state.customerId}</b></p>`;
  return html`
    <label class="customer">Customer
      <select .value=${live(state.customerId)} @change=${(/** @type {Event} */ event) => act.chooseCustomer(/** @type {HTMLSelectElement} */ (event.currentTarget).value)}>
        ${(state.customers.value ?? [{ customerId: state.customerId, halted: false }]).map((each) => html`
          <option value=${each.customerId} ?selected=${each.customerId === state.customerId}>${each.customerId}${each.halted ? " (suspended)" : ""}</option>`)}
      </select>
    </label>
    <button type="button" @click=${() => act.set({ dialog: "office" })} title="Open a customer, move cash, issue a credential">Customers …</button>
    ${state.account.value?.halted ? html`<span class="mark">suspended</span>` : nothing}`;
}

/** @param {State} state @param {Actions} act */
function records(state, act) {
  const stale = isRecordStale(state);
  return html`
    <section class=${classMap({ panel: true, records: true, stale })} id="records" aria-label="Records">
      <header>
        <div class="tabs" role="tablist" aria-label="Records">${tabsOf(state).map((tab) => html`
          <button type="button" role="tab" id=${`tab-${tab}`} aria-controls="record" aria-selected=${state.tab === tab ? "true" : "false"} tabindex=${state.tab === tab ? "0" : "-1"}
            @click=${() => act.chooseTab(tab)} @keydown=${(/** @type {KeyboardEvent} */ event) => step(event, tab, state, act)}>${TAB_NAMES[tab]}</button>`)}</div>
        ${stale ? html`<span class="mark">stale</span>` : nothing}
      </header>
      <div class="record" id="record" role="tabpanel" aria-labelledby=${`tab-${state.tab}`}>${record(state, act)}</div>
    </section>`;
}

/** @param {State} state @param {Actions} act */
function record(state, act) {
  switch (state.tab) {
    case "positions": return positionsView(state, act);
    case "trades": return tradesView(state);
    case "statements": return statementsView(state, act);
    case "operations": return operationsView(state);
    default: return blotterView(state, act);
  }
}

/** Whether what the tab shows is not current. A statement is of a day, and does not change. @param {State} state */
function isRecordStale(state) {
  switch (state.tab) {
    case "statements": return false;
    case "operations": return isOld(state.work, state.now) || isOld(state.deadLetters, state.now);
    default: return isStale(state[state.tab], state);
  }
}

/** The arrows move between tabs. @param {KeyboardEvent} event @param {State["tab"]} tab @param {State} state @param {Actions} act */
function step(event, tab, state, act) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const tabs = tabsOf(state);
  const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] ?? "orders";
  act.chooseTab(next);
  document.getElementById(`tab-${next}`)?.focus();
}

/** Whether updates come live. @param {State} state */
function streamOf({ stream, utc }) {
  const since = clock(new Date(stream.since).toISOString(), utc);
  switch (stream.phase) {
    case "live": return stream.behind ? html`<span class="link down" id="stream">Live, but something is missing: asking for it</span>` : html`<span class="link" id="stream">Live ${Math.round(stream.latency)} ms</span>`;
    case "lost": return html`<span class="link down" id="stream">Live updates lost at ${since}: asking each second</span>`;
    default: return html`<span id="stream">Asking each second</span>`;
  }
}

/** @param {State} state */
function foot(state) {
  const { connection, session } = state;
  const down = connection.failedAt > connection.answeredAt;
  return html`
    <footer class="foot">
      <span class=${classMap({ link: true, down })}><i class="dot"></i>${down ? `No answer since ${clock(new Date(connection.answeredAt).toISOString(), state.utc)}` : "Connected"}</span>
      ${streamOf(state)}
      <span>API ${Math.round(connection.latency)} ms</span>
      ${session.value ? html`<span>Session ${session.value.sessionDate} ${session.value.state.toLowerCase()}${session.value.ends ? `, ends ${moment(session.value.ends, state.utc)}` : ""}</span>` : nothing}
      <span>${zone(state.utc)} ${clock(new Date(state.now).toISOString(), state.utc)}</span>
      <span>${state.who.keyId} · ${state.who.role}</span>
    </footer>`;
}
