/**
 * What stands above the messages: where one is, and what is special there.
 *
 * @import {Conversation} from "../conversation.js"
 * @import {Store} from "../store.js"
 */

import { arrange, h, part, write } from "./dom.js";

/** Draw the head of the conversation that is shown. */
export function drawHead(/** @type {Store} */ { active, people }) {
  const here = people.has(active.title);
  write(part("title", HTMLElement), active.kind === "group" ? active.address : active.title);
  const subtitle = {
    lobby: "Everyone who is here",
    group: active.topic || "Only members see this",
    user: here ? "Only the two of you see this" : "Not here at the moment",
  }[active.kind];
  write(part("subtitle", HTMLElement), subtitle);
  const marks = part("marks", HTMLUListElement);
  arrange(marks, marksOf(active).map((mark) => h("li", {}, mark)));
  marks.hidden = marks.children.length === 0;
  part("leave-group", HTMLElement).hidden = active.kind !== "group";
  part("close-talk", HTMLElement).hidden = active.kind !== "user";
}

/** What is special about a conversation, in a word or two each. */
function marksOf(/** @type {Conversation} */ one) {
  return [
    one.frozen ? "frozen" : "",
    one.slow ? `slow, ${one.slow} s` : "",
    one.private ? "private" : "",
    one.rank,
  ].filter(Boolean);
}
