/** Where the focus goes when what had it is drawn no longer: to what takes its place, or to where it came from. */

/** With the next frame, when all is drawn that has changed until now. @param {string[]} selectors the first one that is there gets it */
export function focusSoon(...selectors) {
  requestAnimationFrame(() => {
    for (const selector of selectors) {
      const found = /** @type {HTMLElement | null} */ (document.querySelector(selector));
      if (found) return found.focus();
    }
  });
}
