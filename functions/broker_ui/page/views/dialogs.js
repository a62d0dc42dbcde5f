/** What is asked before something is sent, and the sheet of hotkeys. Escape closes each of them. */

import { html, nothing } from "../vendor/lit-html.js";
import { amount, shares } from "../model/format.js";
import { SELF_TRADES, sentence, TIMES, TYPE_NAMES } from "../model/order_form.js";
import { HOTKEYS } from "../hotkeys.js";
import { emptyOffice } from "../office.js";
import { officeView } from "./office.js";
import { term } from "./parts.js";
import { warningsOf } from "./ticket.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../actions.js").Actions} Actions */

/** @param {State} state @param {Actions} act */
export function dialogView(state, act) {
  if (state.confirming) return confirmation(state, state.confirming, act);
  const halted = Boolean(state.account.value?.halted);
  switch (state.dialog) {
    case "hotkeys":
      return asked("Hotkeys", html`
        <p>They are off until you arm them, and never send an order by themselves.</p>
        <dl class="terms keys">${HOTKEYS.map(([key, said]) => term(said, html`<kbd>${key}</kbd>`))}</dl>`, [["Close", () => act.set({ dialog: "" }), ""]], act);
    case "office":
      return asked("Customers", officeView(state, act), [["Close", () => act.set({ dialog: "", office: emptyOffice() }), ""]], act);
    case "halt":
      return asked(halted ? "Let the customer trade again?" : "Suspend the customer?", html`
        <p>${halted ? `Customer ${state.customerId} may enter orders again.` : `Orders of customer ${state.customerId} are refused from now on, and all open ones end.`}</p>`,
      [["Back", () => act.set({ dialog: "" }), ""], [halted ? "Let trade" : "Suspend", () => act.halt(!halted), "danger"]], act);
    case "cancel-all":
      return asked("Cancel all open orders?", html`<p>Of customer ${state.customerId}, in all tickers: ${state.account.value?.openOrders ?? 0}. What is filled first stays filled.</p>`,
        [["Back", () => act.set({ dialog: "" }), ""], ["Cancel all", () => act.cancelAll(), "danger"]], act);
    default:
      return nothing;
  }
}

/** @param {State} state @param {Record<string, any>} order @param {Actions} act */
function confirmation(state, order, act) {
  const { preview } = state;
  const side = order.direction.toLowerCase();
  return asked(html`<span class=${side}>${sentence(order)}</span>`, html`
    <dl class="terms">
      ${term("Customer", order.customerId)}
      ${term("Type", named(TYPE_NAMES, order.type))}
      ${term("Time in force", named(TIMES, order.timeInForce))}
      ${order.minimumQuantity ? term("Minimum", shares(order.minimumQuantity)) : nothing}
      ${order.pegToMidpoint || order.pegToPrimary ? term("Peg", `${order.pegToMidpoint ? "midpoint" : "best price of its side"}${order.pegOffset ? `, offset ${amount(order.pegOffset)}` : ""}`) : nothing}
      ${order.postOnly ? term("Post only", "yes") : nothing}${order.poolOnly ? term("Pool only", "yes") : nothing}
      ${order.selfTradePrevention ? term("Self-trade prevention", named(SELF_TRADES, order.selfTradePrevention)) : nothing}
      ${preview ? foreseen(preview) : nothing}
    </dl>
    ${warningsOf(order, state).map((said) => html`<p class="warning">${said}</p>`)}
    ${preview?.problem ? html`<p class="warning">It would be refused: ${preview.problem.detail}</p>` : nothing}`,
  [["Back", () => act.set({ confirming: undefined }), ""], [`Send ${side}`, () => act.send(order), `primary ${side}`]], act);
}

/** What would come of it. @param {import("../types").Preview} preview */
const foreseen = ({ protectionPrice, reserves, highestFees, buyingPower }) => html`
  ${protectionPrice ? term("Worst price", amount(protectionPrice)) : nothing}
  ${reserves?.cash !== undefined ? term("Reserves", `${amount(reserves.cash)} USD`) : nothing}
  ${reserves?.shares !== undefined ? term("Reserves", `${shares(reserves.shares)} shares`) : nothing}
  ${highestFees ? term("Fees", `at most ${amount(highestFees)} USD`) : nothing}
  ${buyingPower ? term("Buying power", `${amount(buyingPower)} USD`) : nothing}`;

/** @param {Record<string, string>} names @param {string} value */
const named = (names, value) => names[value] ?? value;

/**
 * @param {unknown} title @param {unknown} body @param {[string, () => void, string][]} buttons the last one is what is asked about
 * @param {Actions} act
 */
const asked = (title, body, buttons, act) => html`
  <dialog aria-labelledby="dialog-title" @close=${() => act.set({ dialog: "", confirming: undefined, office: emptyOffice() })}>
    <h2 id="dialog-title">${title}</h2>
    ${body}
    <div class="buttons">${buttons.map(([name, act, kind], number) => html`<button type="button" class=${kind} ?autofocus=${number === buttons.length - 1} @click=${act}>${name}</button>`)}</div>
  </dialog>`;

/** Opens a dialog that was drawn, above all else, with the focus in it. @param {ParentNode} root */
export function openDialog(root) {
  const dialog = root.querySelector("dialog");
  if (dialog && !dialog.open) dialog.showModal();
}
