/**
 * What is in a text: links, code and mentions. It gives parts to show, never markup.
 */

/**
 * @typedef {{kind: "text", text: string}
 *   | {kind: "code", text: string}
 *   | {kind: "link", text: string, href: string}
 *   | {kind: "mention", text: string, name: string}} Inline
 *
 * @typedef {{kind: "paragraph", parts: Inline[]} | {kind: "fence", text: string}} Block
 */

// A fence begins and ends at the beginning of a line; one that is never closed is text.
const FENCE = /^```[^\n`]*\n([^]*?)\n?^```[ \t]*$\n?/gm;
// Code, a web address, or a mention: whichever comes first.
const INLINE = /(?<code>`[^`\n]+`)|(?<link>https?:\/\/[^\s<>"`]+)|(?<![\p{L}\p{N}_.@/])@(?<name>[^\s:<>(),;"/`#@{]{1,32})/giu;

const CLOSERS = { ")": "(", "]": "[", "}": "{" };

/** Take from the end of an address what belongs to the sentence around it. */
function trimLink(/** @type {string} */ link) {
  for (;;) {
    const last = link.at(-1) ?? "";
    const opener = CLOSERS[/** @type {keyof typeof CLOSERS} */ (last)];
    const lone = opener && link.split(last).length > link.split(opener).length;
    if (!lone && !/[.,:;!?'*_~]/.test(last)) return link;
    link = link.slice(0, -1);
  }
}

/** The address a link leads to, or null when it leads nowhere on the web. */
function target(/** @type {string} */ link) {
  if (!URL.canParse(link)) return null;
  const { protocol, href } = new URL(link);
  return protocol === "http:" || protocol === "https:" ? href : null;
}

/** @returns {Inline[]} */
export function inlineParts(/** @type {string} */ text) {
  /** @type {Inline[]} */
  const parts = [];
  let from = 0;
  const plain = (/** @type {number} */ to) => {
    if (to > from) parts.push({ kind: "text", text: text.slice(from, to) });
  };
  INLINE.lastIndex = 0;
  for (let match = INLINE.exec(text); match; match = INLINE.exec(text)) {
    const { code, link, name } = match.groups ?? {};
    let whole = match[0];
    /** @type {Inline | null} */
    let part = null;
    if (code) part = { kind: "code", text: code.slice(1, -1) };
    else if (link) {
      whole = trimLink(link);
      const href = target(whole);
      if (href) part = { kind: "link", text: whole, href };
    } else if (name) {
      const bare = name.replace(/[.!?']+$/u, "");
      whole = `@${bare}`;
      if (bare) part = { kind: "mention", text: whole, name: bare };
    }
    if (!part) continue;
    plain(match.index);
    parts.push(part);
    from = INLINE.lastIndex = match.index + whole.length;
  }
  plain(text.length);
  return parts;
}

/** @returns {Block[]} */
export function blocks(/** @type {string} */ text) {
  /** @type {Block[]} */
  const out = [];
  const paragraph = (/** @type {string} */ part) => {
    const inner = part.replace(/\n$/, "");
    if (inner) out.push({ kind: "paragraph", parts: inlineParts(inner) });
  };
  let from = 0;
  for (const match of text.matchAll(FENCE)) {
    paragraph(text.slice(from, match.index));
    out.push({ kind: "fence", text: match[1] });
    from = match.index + match[0].length;
  }
  paragraph(text.slice(from));
  return out;
}

/** Whether a text speaks to somebody: `@name` anywhere, or `name:` at the start. */
export function mentions(/** @type {string} */ text, /** @type {string} */ name) {
  const me = name.toLowerCase();
  if (!me) return false;
  const lower = text.toLowerCase();
  if (lower.startsWith(`${me}:`) || lower.startsWith(`${me},`)) return true;
  if (!lower.includes(`@${me}`)) return false;
  return blocks(text).some(
    (block) =>
      block.kind === "paragraph" &&
      block.parts.some((part) => part.kind === "mention" && part.name.toLowerCase() === me),
  );
}

const EMOJI = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;

/** Whether a text is nothing but a few emoji, which may then be larger. */
export const isEmoji = (/** @type {string} */ text) => text.length < 64 && EMOJI.test(text);
