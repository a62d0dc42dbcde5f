/** The customer's account in a few figures. */

import { html, nothing } from "../vendor/lit-html.js";
import { amount, signed } from "../model/format.js";
import { gain, isStale, panel, term } from "./parts.js";

/** @param {import("../state.js").State} state */
export function accountView(state) {
  const account = state.account.value;
  const body = account
    ? html`
      <dl class="terms">
        ${term("Equity", html`<b>${amount(account.equity)}</b>`)}
        ${term("Market value", amount(account.marketValue))}
        ${term("Unrealised", html`<span class=${gain(account.unrealisedProfit)}>${signed(account.unrealisedProfit)}</span>`)}
        ${term("Realised", html`<span class=${gain(account.realisedProfit)}>${signed(account.realisedProfit)}</span>`)}
        ${term("Buying power", amount(account.buyingPower))}
        ${term("Reserved", amount(account.reserved))}
        ${term("Settled cash", amount(account.settledCash))}
        ${term("Unsettled cash", amount(account.unsettledCash))}
        ${term("Withdrawable", amount(account.withdrawable))}
        ${term("Fees paid", amount(account.fees))}
        ${term("Open orders", String(account.openOrders))}
      </dl>
      ${account.withoutQuote?.length ? html`<p class="hint">Without a quote, and in no total: ${account.withoutQuote.join(", ")}.</p>` : nothing}`
    : html`<p class="hint">Waiting for the account.</p>`;
  return panel({ id: "account", title: html`Account <span class="of">${state.customerId}</span>`, stale: isStale(state.account, state), body });
}
