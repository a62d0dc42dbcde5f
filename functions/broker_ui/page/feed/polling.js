/**
 * Asks again and again. Each question waits for its answer, is asked at once when something has happened, and is asked
 * less often in a page that nobody sees.
 */

const HIDDEN_FACTOR = 5;
const MOST_SLOWED = 8;

export class Polling {
  /** @param {(name: string, error: unknown) => void} failed */
  constructor(failed) {
    this.failed = failed;
    /** @type {Map<string, {every: number, ask: () => Promise<void>, timer: number, asking: boolean, again: boolean, failures: number}>} */
    this.questions = new Map();
  }

  /** From here on asks, every so many milliseconds. @param {string} name @param {number} every @param {() => Promise<void>} ask */
  start(name, every, ask) {
    this.stop(name);
    this.questions.set(name, { every, ask, timer: 0, asking: false, again: false, failures: 0 });
    void this.now(name);
  }

  /** @param {string} name */
  stop(name) {
    clearTimeout(this.questions.get(name)?.timer);
    this.questions.delete(name);
  }

  stopAll() {
    for (const name of [...this.questions.keys()]) this.stop(name);
  }

  /** Changes how often a question is asked. @param {string} name @param {number} every */
  pace(name, every) {
    const question = this.questions.get(name);
    if (question && question.every !== every) {
      question.every = every;
      this.#wait(name);
    }
  }

  /** Asks at once, or once more if the question is being asked. @param {string[]} names */
  async now(...names) {
    await Promise.all(names.map((name) => this.#ask(name)));
  }

  /** @param {string} name */
  async #ask(name) {
    const question = this.questions.get(name);
    if (!question) return;
    if (question.asking) {
      question.again = true;
      return;
    }
    question.asking = true;
    clearTimeout(question.timer);
    try {
      await question.ask();
      question.failures = 0;
    } catch (error) {
      question.failures += 1;
      if (this.questions.get(name) === question) this.failed(name, error);
    }
    question.asking = false;
    if (this.questions.get(name) !== question) return;
    if (question.again) {
      question.again = false;
      await this.#ask(name);
    } else {
      this.#wait(name);
    }
  }

  /** @param {string} name */
  #wait(name) {
    const question = this.questions.get(name);
    if (!question || question.asking) return;
    clearTimeout(question.timer);
    const hidden = document.hidden ? HIDDEN_FACTOR : 1;
    const slowed = Math.min(2 ** question.failures, MOST_SLOWED);
    question.timer = setTimeout(() => void this.#ask(name), question.every * hidden * slowed);
  }
}
