import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { Button } from './button.tsx';

/** Copies a text (a function: made only when it is asked for) and says so for two seconds, in its own place. Without a label it is an icon with an accessible name. */
export function CopyButton(props: {
  readonly text: string | (() => string);
  readonly label?: string;
  readonly name?: string;
  /** Beside other buttons that stand in a bar: as quiet as they are, with its icon. */
  readonly isInBar?: boolean;
}): ReactElement {
  const { text, label, name, isInBar = false } = props;
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = setTimeout(() => {
      setOutcome(null);
    }, 2000);
    return () => {
      clearTimeout(timer);
    };
  }, [outcome]);
  const copy = (): void => {
    navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(
      () => {
        setOutcome('copied');
      },
      () => {
        setOutcome('failed');
      },
    );
  };
  const word = outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Not copied' : label;
  if (label !== undefined) {
    return (
      <Button
        variant={isInBar ? 'plain' : 'link'}
        {...(isInBar ? { icon: 'copy' as const } : {})}
        onClick={copy}
        aria-live="polite"
      >
        {word}
      </Button>
    );
  }
  const spoken = outcome === null ? `Copy ${name ?? 'value'}` : word;
  return (
    <Button
      variant="plain"
      className="rk-copy"
      icon={outcome === 'copied' ? 'check' : 'copy'}
      aria-label={spoken}
      title={spoken}
      onClick={copy}
    />
  );
}
