/** Who is present, in alphabetical order and without regard to case. */

const order = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** In the order in which people look for names. */
export const sorted = (/** @type {Iterable<string>} */ names) => [...names].sort(order.compare);

export class People {
  /** @type {Map<string, string>} */
  #names = new Map();
  /** @type {string[] | null} */
  #sorted = null;

  get size() {
    return this.#names.size;
  }

  /** @returns {string[]} */
  get names() {
    this.#sorted ??= sorted(this.#names.values());
    return this.#sorted;
  }

  has(/** @type {string} */ name) {
    return this.#names.has(name.toLowerCase());
  }

  /** A name as its owner writes it, if they are here. */
  spelled(/** @type {string} */ name) {
    return this.#names.get(name.toLowerCase()) ?? name;
  }

  add(/** @type {string} */ name) {
    this.#names.set(name.toLowerCase(), name);
    this.#sorted = null;
  }

  remove(/** @type {string} */ name) {
    if (this.#names.delete(name.toLowerCase())) this.#sorted = null;
  }

  replace(/** @type {string[]} */ names) {
    this.#names = new Map(names.map((name) => [name.toLowerCase(), name]));
    this.#sorted = null;
  }
}
