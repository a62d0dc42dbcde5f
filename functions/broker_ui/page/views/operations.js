/** For brokers: the stages of the day, what is dead-lettered, and what the last reconciliation found. */

import { html, nothing } from "../vendor/lit-html.js";
import { repeat } from "../vendor/directives/repeat.js";
import { amount, moment, shares } from "../model/format.js";
import { comparedWords, deadCount, spaced, stageRows } from "../model/operations.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../types").Break} Break */

/** @param {State} state */
export const operationsView = (state) => html`
  <div class="scroll operations" tabindex="0" role="region" aria-label="Operations">
    <section aria-labelledby="stages-title"><h3 id="stages-title">Stages of the day</h3>${stages(state)}</section>
    <section aria-labelledby="letters-title"><h3 id="letters-title">Dead letters</h3>${letters(state)}</section>
    <section aria-labelledby="breaks-title"><h3 id="breaks-title">Last reconciliation</h3>${reconciliation(state)}</section>
  </div>`;

/** @param {State} state */
function stages({ work, deadLetters, session }) {
  if (!work.value || !deadLetters.value) return html`<p class="hint">${work.fault ?? deadLetters.fault ?? "Waiting for the stages."}</p>`;
  const { settlement } = work.value;
  return html`
    <p class="hint">Session ${session.value?.sessionDate ?? "–"} ${session.value?.state.toLowerCase() ?? ""}.
      ${settlement.due ? `${shares(settlement.due)} position${settlement.due === 1 ? "" : "s"} due on ${settlement.valueDate} and not settled yet.` : `Nothing is left to settle on ${settlement.valueDate}.`}</p>
    <table class="stages">
      <thead><tr><th scope="col">Stage</th><th scope="col" class="number">Waiting</th><th scope="col" class="number">In work</th><th scope="col" class="number">Dead letters</th></tr></thead>
      <tbody>${repeat(stageRows(work.value, deadLetters.value), (each) => each.stage, (each) => html`
        <tr><th scope="row">${each.stage === "topics" ? "no stage subscribes" : html`<code>${each.stage}</code>`}</th><td class="number">${shares(each.waiting)}</td><td class="number">${shares(each.inFlight)}</td>
          <td class=${each.dead ? "number down" : "number"} title=${each.reasons.join(", ")}>${shares(each.dead)}</td></tr>`)}</tbody>
    </table>`;
}

/** @param {State} state */
function letters({ deadLetters, utc }) {
  const known = deadLetters.value;
  if (!known) return html`<p class="hint">${deadLetters.fault ?? "Waiting for the dead letters."}</p>`;
  if (!deadCount(known)) return html`<p class="hint">None: every message was processed.</p>`;
  const inQueues = known.queues.reduce((sum, each) => sum + each.count, 0);
  return html`
    <p class="hint">${shares(inQueues)} in queues, ${shares(known.recordCount)} records of streams${known.givenUp ? `, ${shares(known.givenUp)} objects that Lambda gave up` : ""}.
      <code>make dlq</code> shows all with their reasons, <code>make redrive</code> gives them to their stages again.</p>
    ${known.records.length ? html`
      <table class="letters">
        <thead><tr><th scope="col">Since</th><th scope="col">Stage</th><th scope="col">About</th><th scope="col">Reason</th></tr></thead>
        <tbody>${repeat(known.records, (each) => `${each.stage} ${each.id}`, (each) => html`
          <tr><td><time datetime=${each.since}>${moment(each.since, utc)}</time></td><td><code>${each.stage}</code></td><td>${each.keys.join(" ")}</td><td class="long">${each.reason}</td></tr>`)}</tbody>
      </table>` : nothing}`;
}

/** @param {State} state */
function reconciliation({ reconciliation: { value: report, fault, absent }, utc }) {
  if (!report) return html`<p class="hint">${absent ? "No day has been reconciled yet: it happens at night, or by make reconcile." : (fault ?? "Waiting for the report.")}</p>`;
  return html`
    <p class="hint">${report.date}, compared at ${moment(report.time, utc)}: ${comparedWords(report.compared)}.
      ${report.busy.length ? `Totals not compared of ${report.busy.join(", ")}, who traded meanwhile.` : ""}</p>
    ${report.breakCount ? breaks(report.breaks, report.breakCount) : html`<p><i class="dot up"></i>No break.</p>`}`;
}

/** @param {Break[]} shown @param {number} all */
const breaks = (shown, all) => html`
  <p class="down"><b>${shares(all)} break${all === 1 ? "" : "s"}</b>${shown.length < all ? `, the first ${shown.length}:` : ":"}</p>
  <table class="breaks">
    <thead><tr><th scope="col">What</th><th scope="col">Whose</th><th scope="col">Which</th><th scope="col">Field</th><th scope="col">Says</th><th scope="col">Says</th></tr></thead>
    <tbody>${shown.map((each) => html`
      <tr><td>${spaced(each.kind)}</td><td>${[each.customerId, each.ticker].filter(Boolean).join(" ")}</td><td>${each.reference}</td><td>${each.field}</td>
        ${each.sides.map(({ side, value }) => html`<td class="long"><small>${side}</small> ${value === undefined ? "nothing" : /^-?\d+(\.\d+)?$/.test(value) ? amount(value) : value}</td>`)}</tr>`)}</tbody>
  </table>`;
