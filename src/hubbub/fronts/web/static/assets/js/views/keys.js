/**
 * The keys that work everywhere in the chat.
 *
 * @typedef {object} Keys
 * @property {(by: number, unread: boolean) => void} step Another conversation.
 * @property {(screens: number) => void} scroll
 * @property {() => void} escape
 * @property {() => void} write Whatever is typed belongs into the message box.
 */

const typing = (/** @type {Element | null} */ element) =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;

export function onKeys(/** @type {Keys} */ keys) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    const at = document.activeElement;
    if (altKey && !ctrlKey && !metaKey && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      keys.step(key === "ArrowDown" ? 1 : -1, shiftKey);
    } else if (key === "Escape") {
      keys.escape();
    } else if (at?.id === "say" && (key === "PageUp" || key === "PageDown") && !shiftKey) {
      event.preventDefault();
      keys.scroll(key === "PageUp" ? -1 : 1);
    } else if (!typing(at) && key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey) {
      // The letter itself goes where the focus is when it is put in.
      keys.write();
    }
  });
}
