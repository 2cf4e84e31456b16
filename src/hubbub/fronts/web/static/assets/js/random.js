/** A string that was never made before and that nobody can guess: 96 bits, in hex. */
export function newSecret() {
  // Not `randomUUID`: browsers have it only where the page came over HTTPS.
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
