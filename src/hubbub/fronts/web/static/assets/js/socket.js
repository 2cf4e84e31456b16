/**
 * The browser's socket, clock and timer, as a session wants them.
 *
 * @import {World} from "./session.js"
 */

/** The hub that served this page. */
export function hubAddress(/** @type {Location} */ location) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}/ws`;
}

/**
 * @param {string} address
 * @returns {World}
 */
export function browserWorld(address) {
  return {
    open(listener) {
      const socket = new WebSocket(address);
      socket.onopen = () => listener.opened();
      socket.onmessage = ({ data }) => typeof data === "string" && listener.received(data);
      socket.onclose = () => listener.closed();
      return {
        send: (text) => socket.send(text),
        close() {
          socket.onopen = socket.onmessage = socket.onclose = null;
          socket.close();
        },
      };
    },
    now: () => performance.now(),
    after(call, milliseconds) {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}
