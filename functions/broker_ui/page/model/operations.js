/** What a broker sees of the stages: the API's counts, a row for each stage that can wait or fail. */

/** @typedef {import("../types").Work} Work */
/** @typedef {import("../types").DeadLetters} DeadLetters */
/** @typedef {{stage: string, waiting?: number, inFlight?: number, dead: number, reasons: string[]}} StageRow */

/** Why messages are dead-lettered, by the kind of their queue. */
const REASONS = /** @type {const} */ ({
  dlq: "could not be processed", undelivered: "could not be delivered", failed: "failed on schedule", unrouted: "no stage subscribes to",
});

/** The stages in the order of an order's way, those with dead letters alone as well. @param {Work} work @param {DeadLetters} letters @returns {StageRow[]} */
export function stageRows(work, letters) {
  /** @type {Map<string, StageRow>} */
  const rows = new Map(work.stages.map((each) => [each.stage, { ...each, dead: 0, reasons: [] }]));
  /** @param {string} stage @param {number} count @param {string} reason */
  const add = (stage, count, reason) => {
    const row = rows.get(stage) ?? { stage, dead: 0, reasons: [] };
    rows.set(stage, row);
    row.dead += count;
    if (count) row.reasons.push(`${count} ${reason}`);
  };
  for (const { stage, kind, count } of letters.queues) add(stage, count, REASONS[kind]);
  for (const stage of new Set(letters.records.map((each) => each.stage))) {
    add(stage, letters.records.filter((each) => each.stage === stage).length, "records of the stream, of the newest");
  }
  return [...rows.values()];
}

/** All that is dead-lettered. @param {DeadLetters} letters */
export const deadCount = (letters) => letters.queues.reduce((sum, each) => sum + each.count, 0) + letters.recordCount + letters.givenUp;

/** What a reconciliation compared, in words. @param {Record<string, number>} compared */
export const comparedWords = (compared) =>
  Object.entries(compared)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, count]) => `${count.toLocaleString("en-US")} ${spaced(name)}`)
    .join(", ");

/** A name like tickerDays as words. @param {string} name */
export const spaced = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
