/**
 * The numbers of a customer's updates, which rise by one. They come twice, late, and in another order; a number that does
 * not come is a loss, and only numbers say so.
 */

export class Sequence {
  /** @param {number} reached all numbers up to this one are known */
  constructor(reached) {
    this.reached = reached;
    this.said = reached;
    /** @type {Set<number>} */
    this.above = new Set();
  }

  /** Whether the number is new. @param {number} number */
  take(number) {
    if (number <= this.reached || this.above.has(number)) return false;
    this.above.add(number);
    while (this.above.delete(this.reached + 1)) this.reached += 1;
    return true;
  }

  /** The server says that there are so many. @param {number} number */
  hear(number) {
    this.said = Math.max(this.said, number);
  }

  /** All of it is known up to here: a snapshot, or what was replayed. @param {number} number */
  reach(number) {
    if (number > this.reached) this.reached = number;
    for (const each of this.above) if (each <= this.reached) this.above.delete(each);
    while (this.above.delete(this.reached + 1)) this.reached += 1;
  }

  /** Whether a number is missing of which is known that it was given. */
  get missing() {
    return this.above.size > 0 || this.said > this.reached;
  }
}
