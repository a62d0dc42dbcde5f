/** An order's life: what each stage did with it, and how long that took. */

import { html } from "../vendor/lit-html.js";
import { amount, clock, passed, shares } from "../model/format.js";
import { sentence } from "../model/order_form.js";
import { STATE_NAMES } from "../model/orders.js";
import { isStale, panel } from "./parts.js";

/** @param {import("../state.js").State} state @param {import("../actions.js").Actions} act */
export function lifeView(state, act) {
  const life = state.life.value;
  const body = life
    ? html`<ol class="steps">${life.transitions.map((step, number) => html`
        <li><time datetime=${step.time}>${clock(step.time, state.utc, true)}</time> ${number ? passed(Date.parse(step.time) - Date.parse(life.transitions[number - 1]?.time ?? step.time)) : ""}
          <b>${STATE_NAMES[step.state]}</b> ${shares(step.cumulativeQuantity)} filled ${step.reason ?? ""}</li>`)}</ol>
      <ol class="steps">${life.executions.map((each) => html`<li>${shares(each.quantity)} at ${amount(each.price)} on ${each.exchange}</li>`)}</ol>`
    : html`<p class="hint">${state.life.fault ?? "Waiting for the order's life."}</p>`;
  const title = life ? sentence(life) : "An order's life";
  return panel({ id: "life", title, stale: isStale(state.life, state.now), body, tools: html`<button type="button" @click=${() => act.showLife("")}>Close</button>` });
}
