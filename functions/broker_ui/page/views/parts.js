/** Pieces that several views share. */

import { html, nothing } from "../vendor/lit-html.js";
import { classMap } from "../vendor/directives/class-map.js";

/** Older than this, in milliseconds, a part is marked as stale: while it is asked for often, and while the stream tells or it is asked for seldom. */
const STALE = { polled: 12_000, live: 50_000 };

/** Whether a part that the stream does not tell of cannot be relied on. @param {{at: number, fault?: string | undefined}} known @param {number} now */
export const isOld = (known, now) => Boolean(known.fault) || (known.at > 0 && now - known.at > STALE.live);

/**
 * Whether a part of the market cannot be relied on: the API does not answer, or it and the stream are silent.
 * @param {{at: number, fault?: string | undefined}} known @param {import("../state.js").State} state
 */
export const isMarketStale = (known, { stream, now }) =>
  Boolean(known.fault) || (known.at > 0 && now - known.at > (stream.phase === "live" ? STALE.live : STALE.polled));

/**
 * The same of what is the customer's: also if the stream has a number that did not come.
 * @param {{at: number, fault?: string | undefined}} known @param {import("../state.js").State} state
 */
export const isStale = (known, state) => state.stream.behind || isMarketStale(known, state);

/**
 * A panel with its title and, if what it shows is not current, a mark that says so.
 * @param {{id: string, title: unknown, stale?: boolean, tools?: unknown, body: unknown}} parts
 */
export const panel = ({ id, title, stale = false, tools = nothing, body }) => html`
  <section class=${classMap({ panel: true, stale })} id=${id} aria-labelledby=${`${id}-title`}>
    <header><h2 id=${`${id}-title`}>${title}</h2>${stale ? html`<span class="mark">stale</span>` : nothing}${tools}</header>
    ${body}
  </section>`;

/** A row of a list of terms. @param {string} name @param {unknown} value @param {string} [hint] */
export const term = (name, value, hint) => html`<div><dt>${name}${hint ? html` <small>${hint}</small>` : nothing}</dt><dd>${value}</dd></div>`;

/** The colour of a profit. @param {string | undefined} text */
export const gain = (text) => (text === undefined || /^0+(\.0+)?$/.test(text) ? "" : text.startsWith("-") ? "down" : "up");
