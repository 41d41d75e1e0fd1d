import type { ReactElement } from 'react';

const roomForLetters = 12;

/** As many tags as fit on the line, then how many more; all of them are in the cell's tooltip. */
export function TagList({ tags }: { readonly tags: readonly string[] }): ReactElement {
  let letters = 0;
  const shown = tags.filter((tag, index) => {
    letters += tag.length + 2;
    return index === 0 || letters <= roomForLetters;
  });
  const rest = tags.length - shown.length;
  return (
    <>
      {shown.map((tag) => (
        <span key={tag} className="rk-tag">
          {tag}
        </span>
      ))}
      {rest > 0 ? <span className="rk-tag">+{rest}</span> : null}
    </>
  );
}
