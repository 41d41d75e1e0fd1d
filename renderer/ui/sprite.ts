import sprite from './status-glyphs.svg?raw';

/**
 * Puts the glyphs of the statuses into the page, once, where `<use href="#st-…">` finds them. Their titles are taken out: every
 * glyph stands beside its word, and a browser would show the title as a second tooltip.
 */
export function installSprite(page: Document): void {
  if (page.querySelector('#rk-sprite')) return;
  const parsed = new DOMParser().parseFromString(sprite, 'image/svg+xml').documentElement;
  for (const title of parsed.querySelectorAll('title')) title.remove();
  const element = page.importNode(parsed, true);
  element.id = 'rk-sprite';
  element.setAttribute('aria-hidden', 'true');
  element.classList.add('rk-sprite');
  page.body.prepend(element);
}
