/**
 * What the page knows, in one object. A change draws the page once, with the next frame, however many changes there were.
 */

/** @template T */
export class Store {
  /** @param {T} state @param {(draw: () => void) => void} [soon] */
  constructor(state, soon = (draw) => requestAnimationFrame(draw)) {
    this.state = state;
    this.soon = soon;
    this.asked = false;
    /** @type {((state: T) => void)[]} */
    this.listeners = [];
  }

  /** @param {(state: T) => void} listener called with each frame in which something has changed */
  listen(listener) {
    this.listeners.push(listener);
  }

  /** @param {Partial<T>} changes */
  set(changes) {
    Object.assign(/** @type {object} */ (this.state), changes);
    this.touch();
  }

  /** Something within the state has changed. */
  touch() {
    if (this.asked) return;
    this.asked = true;
    this.soon(() => {
      this.asked = false;
      for (const listener of this.listeners) listener(this.state);
    });
  }
}
