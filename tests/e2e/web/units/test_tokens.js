import { readLine } from "/assets/js/commands.js";
import { Protocol } from "/assets/js/protocol.js";
import { welcome } from "./fakes.js";
import { equal, test } from "./testing.js";

const asked = (/** @type {string} */ line) => readLine(line, "lobby");
const frame = (/** @type {object} */ fields) => ({ do: "request", frame: { type: "token", ...fields } });

test("the commands of tokens", () => {
  equal(asked(":token new post #ops read lobby @ann for 90d"), frame({
    action: "create",
    post: ["#ops"],
    read: ["lobby", "@ann"],
    seconds: 7_776_000,
  }));
  equal(asked(":token new @ci read all"), frame({ action: "create", name: "ci", read: ["all"] }));
  equal(asked(":tokens"), frame({ action: "list" }));
  equal(asked(":token revoke 7"), frame({ action: "revoke", id: 7 }));
  for (const rest of ["", "new", "new ci", "new a b post all", "new post all for", "new post all for ever", "revoke x"]) {
    equal(asked(`:token ${rest}`)?.do, "wrong");
  }
});

test("what is told of tokens", () => {
  const protocol = new Protocol("ann");
  protocol.connectionMade();
  protocol.take();
  protocol.receive(welcome());
  protocol.ask({ type: "token", action: "create", post: ["lobby"] });
  protocol.ask({ type: "token", action: "list" });
  protocol.take();
  const about = { id: 7, name: "ann", post: ["lobby"], read: ["#ops"] };
  const [made] = protocol.receive(JSON.stringify({ type: "token", token: "hub_x", ...about }));
  equal(made.type === "orderListed" && [made.what, made.rows[0], made.rows[1]], [
    "token", "hub_x", "7 of ann to post lobby read #ops, until it is revoked",
  ]);
  const [listed] = protocol.receive(JSON.stringify({ type: "tokens", tokens: [{ ...about, last: "wxyz" }] }));
  equal(listed.type === "orderListed" && [listed.what, listed.rows.length], ["tokens", 1]);
  // Both are answered: neither is asked again.
  protocol.connectionLost();
  protocol.connectionMade();
  protocol.take();
  protocol.receive(welcome({ resumed: true }));
  equal(protocol.take(), []);
});
