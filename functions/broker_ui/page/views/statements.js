/** A day's statement, and statements and trades as CSV. */

import { html, nothing } from "../vendor/lit-html.js";
import { live } from "../vendor/directives/live.js";
import { amount } from "../model/format.js";
import { term } from "./parts.js";

/** @param {import("../state.js").State} state @param {import("../actions.js").Actions} act */
export function statementsView(state, act) {
  const { statement, statementDate } = state;
  return html`
    <div class="filters">
      <label class="field">Day (UTC) <input type="date" .value=${live(statementDate)} max=${new Date(state.now).toISOString().slice(0, 10)}
        @change=${(/** @type {Event} */ event) => act.chooseStatement(/** @type {HTMLInputElement} */ (event.currentTarget).value)}></label>
      <button type="button" @click=${() => act.statementCsv()}>Statement as CSV</button>
      <button type="button" @click=${() => act.tradesCsv()}>Trades as CSV</button>
    </div>
    ${statement
      ? html`
        <p class="hint">${statement.date}, ${statement.final ? "final" : "not final: the day is not closed"}. ${statement.totals.trades} trades.</p>
        <div class="columns">
          ${(/** @type {const} */ (["opening", "changes", "closing"])).map((name) => html`
            <div><h3>${{ opening: "Opening", changes: "Changes", closing: "Closing" }[name]}</h3>
              <dl class="terms">${Object.entries(statement[name]).map(([account, value]) => term(account, amount(value)))}</dl></div>`)}
          <div><h3>Totals</h3><dl class="terms">
            ${term("Bought", amount(statement.totals.bought))}${term("Sold", amount(statement.totals.sold))}${term("Fees", amount(statement.totals.fees))}
            ${term("Deposits", amount(statement.totals.deposits))}${term("Withdrawals", amount(statement.totals.withdrawals))}</dl></div>
        </div>`
      : html`<p class="hint">${state.statementFault || "Waiting for the statement."}</p>`}
    ${nothing}`;
}
