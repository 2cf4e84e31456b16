/** What the page says of its own accord. */

export const AWAY = "You were away for too long: your groups were not kept. Join them again.";

export const MAYBE = "The connection broke before the answer. It may have arrived.";

/** What was done, by what was asked. */
export const DONE = new Map([
  ["register", "Your name is yours now, and needs your password."],
  ["passwd", "Your password is changed."],
  ["unregister", "Your name is free for anybody again."],
  ["logout-others", "Your other devices are logged out."],
  ["revoke", "That token is good no more."],
  ["invite-revoke", "That invitation lets nobody in any more."],
]);
