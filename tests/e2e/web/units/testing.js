/** The least that tests of modules need: cases with names, and two ways to be wrong. */

/** @type {{name: string, run: () => void}[]} */
const cases = [];

export function test(/** @type {string} */ name, /** @type {() => void} */ run) {
  cases.push({ name, run });
}

const shown = (/** @type {unknown} */ value) =>
  JSON.stringify(value, (_, part) => (part === undefined ? "undefined" : part), 1);

export function equal(/** @type {unknown} */ found, /** @type {unknown} */ wanted) {
  const [one, other] = [shown(found), shown(wanted)];
  if (one !== other) throw new Error(`found ${one}\nwanted ${other}`);
}

export function holds(/** @type {unknown} */ fact, what = "it does not hold") {
  if (!fact) throw new Error(what);
}

/** Run every case; give the number of them and what went wrong. */
export function runAll() {
  const failures = [];
  for (const { name, run } of cases) {
    try {
      run();
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  return { count: cases.length, failures };
}
