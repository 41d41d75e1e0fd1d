import { secretKey } from '#shared/contract/socket.ts';

/** Where the script stands that runs in the page which a token let in; the renderer has no file of this name. */
export const enterPath = '/enter.js';

const metaName = 'rackside-secret';

/**
 * Keeps the secret for as long as the tab lives and takes the used token out of the address. A classic script in the head: it
 * has run before the renderer, a module, begins.
 */
export const enterScript = `{
  const meta = document.querySelector('meta[name="${metaName}"]');
  sessionStorage.setItem('${secretKey}', meta.content);
  meta.remove();
  history.replaceState(null, '', '/');
}
`;

/** The renderer's page with the secret, and the script that keeps it. */
export function pageWithSecret(html: string, secret: string): string {
  if (!html.includes('</head>')) throw new Error('index.html has no head to put the secret in.');
  const elements = `<meta name="${metaName}" content="${secret}" /><script src="${enterPath}"></script>`;
  return html.replace('</head>', () => `${elements}</head>`);
}
