import type { ReactElement } from 'react';
import { tagsInRoom } from './tags-in-room.ts';

/** As many tags as there is room for on the line, then how many more; all of them are in the cell's tooltip. */
export function TagList({ tags, width }: { readonly tags: readonly string[]; readonly width: number }): ReactElement {
  const shown = tagsInRoom(tags, width);
  const rest = tags.length - shown;
  return (
    <>
      {tags.slice(0, shown).map((tag) => (
        <span key={tag} className="rk-tag">
          {tag}
        </span>
      ))}
      {rest > 0 ? <span className="rk-tag">+{rest}</span> : null}
    </>
  );
}
