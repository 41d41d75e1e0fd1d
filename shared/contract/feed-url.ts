/** The beginning of an address that an update may be announced from: encrypted, or this very machine. */
const asked =
  /^(?:https:\/\/[^\s/?#@]+|http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?)(?:\/[^\s?#@]*)?$/i;

/** Whether a person may set this as the folder of an update feed: https, or http on this machine; no login, query or fragment. */
export function isFeedUrl(text: string): boolean {
  return asked.test(text);
}
