/** The dialog in which a broker opens customers, moves their cash and gives them a credential. */

import { html, nothing } from "../vendor/lit-html.js";
import { live } from "../vendor/directives/live.js";
import { amount } from "../model/format.js";
import { issueCredential, moveCash, openCustomer } from "../office.js";
import { term } from "./parts.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../actions.js").Actions} Actions */

/** @param {State} state @param {Actions} act */
export function officeView({ office, customerId, account }, act) {
  return html`
    <section class="office">
      ${field(office, act, "opening", "New customer, six digits")}
      <button type="button" ?disabled=${office.busy} @click=${() => openCustomer(act)}>Open</button>
    </section>
    <section class="office">
      ${field(office, act, "amount", `Cash of ${customerId}, USD`)}
      <button type="button" ?disabled=${office.busy} @click=${() => moveCash(act, "Deposit")}>Deposit</button>
      <button type="button" ?disabled=${office.busy} @click=${() => moveCash(act, "Withdrawal")}>Withdraw</button>
      <p class="hint">May be withdrawn: ${amount(account.value?.withdrawable)}</p>
    </section>
    <section class="office">
      <p>A credential with which ${customerId} signs in</p>
      <button type="button" ?disabled=${office.busy} @click=${() => issueCredential(act)}>Issue</button>
      ${office.issued ? html`<dl class="terms">${term("Key id", html`<code>${office.issued.keyId}</code>`)}${term("Secret", html`<code>${office.issued.secret}</code>`)}</dl>
        <p class="warning">Nothing shows the secret again: copy it now.</p>` : nothing}
      <p class="fault" role="alert">${office.fault.credential}</p>
    </section>`;
}

/** @param {State["office"]} office @param {Actions} act @param {"opening" | "amount"} name @param {string} label */
const field = (office, act, name, label) => html`
  <label class="field">${label}
    <input id=${`office-${name}`} inputmode="decimal" autocomplete="off" .value=${live(office[name])} aria-invalid=${office.fault[name] ? "true" : "false"} aria-describedby=${`office-fault-${name}`}
      @input=${(/** @type {Event} */ event) => act.set({ office: { ...office, [name]: /** @type {HTMLInputElement} */ (event.currentTarget).value, fault: { ...office.fault, [name]: "" } } })}>
    <span class="fault" id=${`office-fault-${name}`}>${office.fault[name]}</span>
  </label>`;
