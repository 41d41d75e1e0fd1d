/** What a page of either shell may do. Everything that is not named is forbidden. */
const policy = (connect: string, styles: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * The headers every answer of the app's pages carries.
 * `sockets`: origins (`ws://127.0.0.1:1234`) the page may open a socket to, besides its own origin; the desktop needs none.
 * `styles`: the source list for styles; by default only files of our own, which PatternFly and React's style properties need.
 */
export function securityHeaders(sockets: readonly string[], styles = "'self'"): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policy(["'self'", ...sockets].join(' '), styles),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), usb=(), serial=(), hid=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  };
}
