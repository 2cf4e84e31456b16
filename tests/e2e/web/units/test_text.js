import { blocks, inlineParts, isEmoji, mentions } from "/assets/js/text.js";
import { equal, holds, test } from "./testing.js";

const links = (/** @type {string} */ text) =>
  inlineParts(text).flatMap((part) => (part.kind === "link" ? [part.text] : []));

test("no text is lost, whatever its parts are", () => {
  for (const text of [
    "", "a", "`", "``", "a `b` c", "https://", "http://[", "@", "@@a @b. (@c)", "x@y.z",
    "https://a.b/c). `d` @e", "\n\n", "`a\nb`",
  ]) {
    const back = inlineParts(text)
      .map((part) => (part.kind === "code" ? `\`${part.text}\`` : part.text))
      .join("");
    equal(back, text);
  }
});

test("links end where the sentence around them goes on", () => {
  equal(links("see https://a.example/b."), ["https://a.example/b"]);
  equal(links("(https://a.example/b)"), ["https://a.example/b"]);
  equal(links("https://a.example/b_(c)?d=e!"), ["https://a.example/b_(c)?d=e"]);
  equal(links("<https://a.example>"), ["https://a.example"]);
  equal(links("HTTP://A.EXAMPLE/x, https://b.example"), ["HTTP://A.EXAMPLE/x", "https://b.example"]);
});

test("only the web is linked to", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "file:///etc", "ftp://a", "http://"]) {
    equal(links(text), []);
  }
});

test("what is in code is nothing else", () => {
  equal(inlineParts("`https://a.example @bob`"), [
    { kind: "code", text: "https://a.example @bob" },
  ]);
  equal(blocks("```\nhttps://a.example\n```"), [{ kind: "fence", text: "https://a.example" }]);
});

test("fences", () => {
  equal(blocks("a\n```js\nb\n\nc\n```\nd").map((one) => one.kind), ["paragraph", "fence", "paragraph"]);
  equal(blocks("```\na\n```")[0], { kind: "fence", text: "a" });
  equal(blocks("```\nnever closed").map((one) => one.kind), ["paragraph"]);
  equal(blocks("").length, 0);
});

test("mentions", () => {
  for (const text of ["@alice", "hi @Alice!", "(@alice)", "alice: hi", "ALICE, hi", "a\n@alice."]) {
    holds(mentions(text, "alice"), text);
  }
  for (const text of ["alice", "@alicea", "me@alice", "`@alice`", "```\n@alice\n```", "malice: x"]) {
    holds(!mentions(text, "alice"), text);
  }
});

test("a few emoji alone are large", () => {
  for (const text of ["🎉", "👍🏽 👩‍💻", "❤️"]) holds(isEmoji(text), text);
  for (const text of ["", "1", "🎉 x", "🎉🎉🎉🎉", "#"]) holds(!isEmoji(text), text);
});
