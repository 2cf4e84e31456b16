import { readLine } from "/assets/js/commands.js";
import { complete } from "/assets/js/completion.js";
import { suggestion } from "/assets/js/views/door.js";
import { equal, holds, test } from "./testing.js";

const wrong = (/** @type {string} */ line) => {
  const action = readLine(line, "lobby");
  return action?.do === "wrong" ? action.text : `not wrong: ${JSON.stringify(action)}`;
};

test("what is no command is said where one is", () => {
  for (const line of ["hi", ":)", ":D", ": x", " :help", "::"]) {
    equal(readLine(line, "#tea"), { do: "say", to: "#tea", text: line });
  }
  equal(readLine(" \n ", "lobby"), null);
});

test("commands", () => {
  const read = (/** @type {string} */ line) => readLine(line, "lobby");
  equal(read(":pm bob two words\nand a line"), { do: "say", to: "@bob", text: "two words\nand a line" });
  equal(read(":PM @bob x"), { do: "say", to: "@bob", text: "x" });
  equal(read(":group send #tea x"), { do: "say", to: "#tea", text: "x" });
  equal(read(":group create tea"), { do: "group", action: "create", name: "tea" });
  equal(read(":group list"), { do: "group", action: "list", name: "" });
  equal(read(":talk #tea"), { do: "talk", to: "#tea" });
  equal(read(":talk Lobby"), { do: "talk", to: "lobby" });
  equal(read(":history"), { do: "history", of: "lobby", limit: null });
  equal(read(":history 5 @bob"), { do: "history", of: "@bob", limit: 5 });
  equal(read(":register"), { do: "account", action: "register" });
  equal(read(":kick bob be kind"), {
    do: "request", frame: { type: "admin", action: "kick", name: "bob", reason: "be kind" },
  });
  equal(read(":role bob owner"), {
    do: "request", frame: { type: "admin", action: "role", name: "bob", role: "owner" },
  });
  for (const word of ["users", "help", "quit"]) equal(read(`:${word}`), { do: word });
});

test("what is wrong is explained", () => {
  equal(wrong(":usres"), "there is no command :usres; did you mean :users? :help lists all");
  equal(wrong(":constructor"), "there is no command :constructor; :help lists all");
  equal(wrong(":group jion x"), "there is no command :group jion; did you mean :group join? :help lists all");
  equal(wrong(":msg bob hi"), "there is no command :msg; did you mean :pm? :help lists all");
  equal(wrong("/quit"), "there is no command /quit: write :quit, or a space before the line to say it");
  equal(wrong("/JOIN tea"), "there is no command /JOIN: write :group join, or a space before the line to say it");
  for (const text of ["/etc/passwd", "/constructor", "/", " /quit", "a /quit"]) {
    equal(readLine(text, "#tea"), { do: "say", to: "#tea", text });
  }
  equal(wrong(":pm bob"), "write it as :pm <user> <message>");
  equal(wrong(":group create"), "write it as :group create <name> [private]");
  equal(wrong(":talk tea"), "write it as :talk #group|@user|lobby");
  equal(wrong(":register secret"), "write it as :register");
  equal(wrong(":quit now"), "write it as :quit");
  holds(wrong(`:${"x".repeat(5000)}`).length < 100);
});

const known = { users: ["bob", "Bobby", "carol"], groups: ["tea"], staff: true, rooms: true };
const offered = (/** @type {string} */ text) =>
  complete(text, text.length, known)?.choices.map((choice) => choice.text) ?? [];

test("what keeps order", () => {
  const admin = (/** @type {string} */ line) => readLine(line, "#tea");
  equal(admin(":ban bob for 2h spam"), {
    do: "request",
    frame: { type: "admin", action: "ban", name: "bob", seconds: 7200, reason: "spam" },
  });
  equal(admin(":ban bob for 2 hours")?.do, "wrong");
  equal(admin(":freeze"), { do: "request", frame: { type: "admin", action: "freeze", to: "#tea" } });
  equal(admin(":report 12 rude"), {
    do: "request",
    frame: { type: "admin", action: "report", message: 12, text: "rude" },
  });
});

test("completion", () => {
  equal(offered(":un"), [":unregister", ":unban", ":unmute", ":unfreeze"]);
  // A right that one does not have is not offered.
  const guest = { ...known, staff: false, rooms: false };
  equal(complete(":un", 3, guest)?.choices.map((one) => one.text), [":unregister"]);
  equal(offered(":h"), [":history", ":help"]);
  equal(offered(":pm B"), ["bob", "Bobby"]);
  equal(offered(":pm bob "), []);
  equal(offered(":group ").slice(0, 7), [
    "create", "join", "leave", "send", "members", "list", "invite",
  ]);
  equal(offered(":group join t"), ["tea"]);
  equal(offered(":talk @c"), ["@carol"]);
  equal(offered(":talk #"), ["#tea"]);
  equal(offered("hello @bo"), ["@bob", "@Bobby"]);
  equal(offered("hello bo"), []);
  equal(offered("hello :pm b"), []);
  equal(complete("say @ca now", 7, known), {
    from: 4, to: 7, choices: [{ text: "@carol", hint: "" }],
  });
});

test("a name that may be free", () => {
  equal(suggestion("alice"), "alice2");
  equal(suggestion("alice2"), "alice3");
  equal(suggestion("a9"), "a10");
  equal([...suggestion("x".repeat(32))].length, 32);
  equal(suggestion("🎈".repeat(32)), `${"🎈".repeat(31)}2`);
});
