import { listed, sentence } from "/assets/js/presence.js";
import { equal, test } from "./testing.js";

/** `+alice -bob` is alice who came and bob who went. */
const said = (/** @type {string} */ script, shown = 3) =>
  sentence(
    script.split(" ").map((word) => ({
      what: word[0] === "+" ? /** @type {const} */ ("joined") : "left",
      name: word.slice(1),
      detail: "",
    })),
    shown,
  );

test("who came and went, folded", () => {
  equal(said("+a"), "a joined");
  equal(said("+a +b"), "a and b joined");
  equal(said("+a -b"), "a joined · b left");
  equal(said("+a -a"), "a came and went");
  equal(said("-a +a"), "a reconnected");
  equal(said("-a +a -a"), "a left");
  equal(said("+a -a +a"), "a joined");
  equal(said("+A -a"), "A came and went");
});

test("many are counted", () => {
  equal(listed(["a", "b", "c", "d"]), "a, b, c and d");
  equal(listed(["a", "b", "c", "d", "e"]), "a, b, c and 2 others");
  equal(listed(["a", "b", "c", "d", "e"], 5), "a, b, c, d and e");
  equal(listed([]), "");
});

test("what happens once is said in full", () => {
  equal(sentence([{ what: "created", name: "a", detail: "tea" }]), "a created #tea");
  equal(sentence([{ what: "ended", name: "", detail: "tea" }]), "#tea ended");
  equal(sentence([{ what: "renamed", name: "a", detail: "b" }]), "a is now b");
  equal(sentence([{ what: "kicked", name: "a", detail: "" }]), "a was removed");
  equal(sentence([{ what: "kicked", name: "a", detail: "spam" }]), "a was removed: spam");
});
