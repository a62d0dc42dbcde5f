/** Which rows of a long list are drawn: those in sight and some around them. So a change costs the same however long the list is. */

/** A list of no more rows is drawn whole. */
const WHOLE = 120;
/** Rows that are drawn of a longer one: more than a high window shows. */
const DRAWN = 100;
/** The window moves by so many rows. */
const STEP = 20;

/**
 * The rows to draw, as a first one and one after the last.
 * @param {number} all @param {number} scrolled rows above what is in sight @returns {{first: number, end: number}}
 */
export function rowWindow(all, scrolled) {
  if (all <= WHOLE) return { first: 0, end: all };
  const first = Math.max(0, Math.min(stepped(scrolled), all - DRAWN));
  return { first, end: Math.min(all, first + DRAWN) };
}

/** Where the window begins, in steps. @param {number} scrolled */
export const stepped = (scrolled) => Math.max(0, Math.floor(scrolled / STEP) * STEP - STEP);
