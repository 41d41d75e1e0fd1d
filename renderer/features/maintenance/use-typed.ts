import { useState } from 'react';

/** What was typed to confirm, by what it confirms. It lives no longer than its dialog: Escape takes back what was only half said. */
export function useTyped(): {
  readonly typed: (id: string) => string;
  readonly type: (id: string, text: string) => void;
  readonly clear: () => void;
} {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  return {
    typed: (id) => texts[id] ?? '',
    type: (id, text) => {
      setTexts((before) => ({ ...before, [id]: text }));
    },
    clear: () => {
      setTexts({});
    },
  };
}
