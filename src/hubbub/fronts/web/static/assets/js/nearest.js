/** The word of a few that somebody most likely meant. */

/**
 * What other chats call it, as the hub's plain dialect knows it.
 *
 * @type {Record<string, string>}
 */
const ELSEWHERE = {
  commands: "help", create: "group create", exit: "quit", groups: "group list", h: "help",
  join: "group join", leave: "group leave", msg: "pm", names: "users", part: "group leave",
  q: "quit", query: "pm", tell: "pm", whisper: "pm", who: "users",
};

/**
 * @param {string} word What somebody wrote for a command.
 * @param {string[]} commands Those there are.
 * @returns {string | null} The one it is here, by its own name or by that of other chats.
 */
export function knownAs(word, commands) {
  if (commands.includes(word)) return word;
  const name = Object.hasOwn(ELSEWHERE, word) ? ELSEWHERE[word] : "";
  return commands.includes(name.split(" ")[0]) ? name : null;
}

/** How many letters have to be changed to make one word of another. */
function distance(/** @type {string} */ a, /** @type {string} */ b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = row[j] + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, replaced));
    }
    row = next;
  }
  return row[b.length];
}

/**
 * @param {string} word
 * @param {string[]} choices
 * @returns {string | null} Null when none is near.
 */
export function nearest(word, choices) {
  if (word.length > 32) return null;
  const near = choices
    .map((choice) => ({ choice, far: distance(word, choice) }))
    .filter(({ choice, far }) => far <= Math.max(1, choice.length >> 1) && far < choice.length)
    .sort((one, other) => one.far - other.far);
  return near[0]?.choice ?? null;
}
