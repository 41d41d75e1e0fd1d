import { parseVersion } from './version.ts';

/** One answer of a web server, as far as a feed needs it. */
export interface FeedAnswer {
  readonly status: number;
  /** Where else it is, for a redirect. */
  readonly location: string | null;
  /** At most the first 64 KiB. */
  readonly text: string;
}

/** Asks one address once, without following it elsewhere. Rejects with a reason in words where nobody answers. */
export type AskFeed = (url: URL) => Promise<FeedAnswer>;

/** What a feed said: the newest version, or why that is not known. */
export type FeedOutcome = { readonly version: string } | { readonly because: string };

const mostRedirects = 3;

/**
 * The file of a platform: what electron-builder writes beside its artifacts for a generic provider, and what electron-updater
 * reads (`getUpdateInfoFileName` there, `getChannelFilePrefix` here). Only Linux has one an architecture.
 */
export function feedFileName(platform: string, arch: string): string {
  if (platform === 'linux') return `latest-linux${arch === 'x64' ? '' : `-${arch}`}.yml`;
  return platform === 'darwin' ? 'latest-mac.yml' : 'latest.yml';
}

/**
 * The version in a feed's file, `undefined` where it has none. The file is YAML; its `version:` is a plain or quoted word at the
 * beginning of a line, and the rest (artifacts, checksums) is for whoever installs.
 */
export function versionInFeed(text: string): string | undefined {
  const [, , version] = /^version:[ \t]+(['"]?)([^\s'"]+)\1[ \t]*\r?$/m.exec(text) ?? [];
  return version !== undefined && parseVersion(version) ? version : undefined;
}

/** Asks a feed for the newest version. `folder` is what a person has set; see `isFeedUrl`. Never rejects for what a server does. */
export async function readFeed(folder: string, file: string, ask: AskFeed): Promise<FeedOutcome> {
  let url = new URL(file, folder.endsWith('/') ? folder : `${folder}/`);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    let answer: FeedAnswer;
    try {
      // One after the other: each address is known from the answer before.
      answer = await ask(url);
    } catch (error) {
      return { because: error instanceof Error ? error.message : String(error) };
    }
    if (answer.status >= 300 && answer.status < 400 && answer.location !== null) {
      const next = URL.parse(answer.location, url.href);
      if (!next) return { because: `${url.host} sends on to an address that is none.` };
      // What was set as encrypted stays so, and no foreign server makes this laptop ask its own network.
      if (next.protocol !== 'https:' && next.origin !== url.origin) {
        return { because: `${url.host} sends on to ${next.host}, which is not encrypted.` };
      }
      url = next;
      continue;
    }
    if (answer.status !== 200) return { because: `${url.href} was answered with HTTP ${String(answer.status)}.` };
    const version = versionInFeed(answer.text);
    return version === undefined ? { because: `${url.href} names no version: it is no update feed.` } : { version };
  }
  return { because: `${url.host} sends on more than ${String(mostRedirects)} times.` };
}
