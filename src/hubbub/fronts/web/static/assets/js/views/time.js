/** Times as people read them, in their own language and time zone. */

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const momentFormat = new Intl.DateTimeFormat(undefined, {
  dateStyle: "full",
  timeStyle: "medium",
});
const dayFormat = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
});
const dayWithYear = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

export const clock = (/** @type {number} */ time) => clockFormat.format(time);
export const moment = (/** @type {number} */ time) => momentFormat.format(time);

/** Something equal for two times of the same day. */
export const dayKey = (/** @type {number} */ time) => new Date(time).toDateString();

/** The name of a day, seen from another. */
export function dayName(/** @type {number} */ time, /** @type {number} */ now) {
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayKey(time) === dayKey(now)) return "Today";
  if (dayKey(time) === yesterday.toDateString()) return "Yesterday";
  const thisYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (thisYear ? dayFormat : dayWithYear).format(time);
}
