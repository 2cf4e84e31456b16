import { readLine } from "/assets/js/commands.js";
import { takeInvite } from "/assets/js/entrance.js";
import { Protocol } from "/assets/js/protocol.js";
import { welcome } from "./fakes.js";
import { equal, test } from "./testing.js";

const CODE = "7k2mx-9qd4v-t3e8r-w1zyh-c5n6p";
const frames = (/** @type {Protocol} */ protocol) => protocol.take().map((text) => JSON.parse(text));
const error = (/** @type {string} */ code) => JSON.stringify({ type: "error", code, text: "no", re: "hello" });

/** An address, and what was written in its place. */
function at(/** @type {string} */ hash) {
  const written = /** @type {string[]} */ ([]);
  const history = { replaceState: (/** @type {unknown[]} */ ...all) => written.push(String(all[2])) };
  const location = { hash, pathname: "/", search: "?x=1" };
  const code = takeInvite(/** @type {any} */ (location), /** @type {any} */ (history));
  return { code, written };
}

test("a code is taken out of the address, and nothing else is", () => {
  equal(at(`#invite=${CODE}`), { code: CODE, written: ["/?x=1"] });
  for (const hash of ["", "#say", "#invite=", `#invite=${"x".repeat(65)}`, "#invite=<b>"]) {
    equal(at(hash), { code: "", written: [] });
  }
});

test("a code goes along until one is in", () => {
  const protocol = new Protocol("ann");
  protocol.invite = CODE;
  protocol.connectionMade();
  equal(frames(protocol)[0].invite, CODE);
  equal(protocol.receive(error("new_password_needed"))[0].type, "nameRefused");
  protocol.password = "chosen by me";
  protocol.chooseName("ann");
  const [again] = frames(protocol);
  equal([again.invite, again.password], [CODE, "chosen by me"]);
  protocol.receive(welcome());
  protocol.connectionLost();
  protocol.connectionMade();
  equal(frames(protocol)[0].invite, undefined);
});

test("a code that lets nobody in is not shown again", () => {
  const protocol = new Protocol("ann");
  protocol.invite = CODE;
  protocol.connectionMade();
  protocol.take();
  protocol.receive(error("invite_invalid"));
  protocol.chooseName("ann");
  equal(frames(protocol)[0].invite, undefined);
});

test("what is told of codes", () => {
  const protocol = new Protocol("ann");
  protocol.connectionMade();
  protocol.take();
  protocol.receive(welcome());
  protocol.ask({ type: "admin", action: "invite" });
  protocol.ask({ type: "admin", action: "invites" });
  protocol.take();
  const made = JSON.stringify({ type: "invite", id: 7, invite: CODE, link: "l" });
  const [event] = protocol.receive(made);
  equal(event, { type: "inviteMade", id: 7, code: CODE, link: "l", command: "", until: 0 });
  const row = { id: 7, by: "ann", since: "2026-01-02T12:00:00.000Z" };
  const [listed] = protocol.receive(JSON.stringify({ type: "invites", invites: [row] }));
  equal(listed.type === "orderListed" && [listed.what, listed.rows.length], ["invites", 1]);
  // Both are answered: neither is asked again.
  protocol.connectionLost();
  protocol.connectionMade();
  protocol.take();
  protocol.receive(welcome({ resumed: true }));
  equal(frames(protocol), []);
});

test("the commands", () => {
  const asked = (/** @type {string} */ line) => readLine(line, "lobby");
  const frame = (/** @type {object} */ fields) => ({ do: "request", frame: { type: "admin", ...fields } });
  equal(asked(":invite new"), frame({ action: "invite" }));
  equal(asked(":invite new for 2d"), frame({ action: "invite", seconds: 172_800 }));
  equal(asked(":invites"), frame({ action: "invites" }));
  equal(asked(":invite revoke 7"), frame({ action: "invite-revoke", id: 7 }));
  for (const line of [":invite", ":invite bob", ":invite new for ever", ":invite revoke x"]) {
    equal(asked(line)?.do, "wrong");
  }
});
