/** An order's life, drawn: a card for each stage's step, with its executions, and the time that passed in between. */

import { html, nothing } from "../vendor/lit-html.js";
import { amount, clock, passed, shares } from "../model/format.js";
import { delays, steps } from "../model/life.js";
import { sentence } from "../model/order_form.js";
import { isStale, panel } from "./parts.js";

/** @typedef {import("../model/life.js").Step} Step */

/** @param {import("../state.js").State} state @param {import("../actions.js").Actions} act */
export function lifeView(state, act) {
  const life = state.life.value;
  const all = life ? steps(life) : [];
  const after = delays(all);
  const body = life
    ? html`<div class="scroll" tabindex="0" role="region" aria-label="Steps of the order">
        <ol class="life">${all.map((step, number) => card(step, after[number], state.utc))}</ol></div>`
    : html`<p class="hint">${state.life.fault ?? "Waiting for the order's life."}</p>`;
  const title = html`An order's life ${life ? html`<span class="of">${sentence(life)} <small>${life.orderId}</small></span>` : nothing}`;
  return panel({ id: "life", title, stale: isStale(state.life, state), body, tools: html`<button type="button" @click=${() => act.showLife("")}>Close</button>` });
}

/** @param {Step} step @param {number | undefined} delay @param {boolean} utc */
function card(step, delay, utc) {
  const most = Math.max(1, ...step.slices.map((each) => each.quantity));
  return html`
    <li class=${step.kind}>
      <span class="delay">${delay === undefined ? nothing : passed(delay)}</span>
      <div>
        <p class="stage">${step.stage}</p>
        ${step.time ? html`<time datetime=${step.time}>${clock(step.time, utc, true)}</time>` : nothing}
        <p>${step.what}</p>
        ${step.slices.length ? html`<ul class="slices">${step.slices.map((each) => html`
          <li title=${`Fee ${amount(each.fee)}`}><span>${each.venue}</span><progress max=${most} value=${each.quantity} aria-hidden="true"></progress><span class="number">${shares(each.quantity)} at ${amount(each.price)}</span></li>`)}</ul>` : nothing}
      </div>
    </li>`;
}
