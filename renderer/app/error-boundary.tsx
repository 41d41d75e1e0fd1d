import { Component } from 'react';
import type { ReactNode } from 'react';
import { problemFrom } from '../state/session.ts';
import { Button } from '../ui/button.tsx';
import { ProblemView } from '../ui/problem-view.tsx';

interface Props {
  readonly children: ReactNode;
}

/** A bug in what is painted: says so, keeps what the core does running, and offers to begin again. */
export class ErrorBoundary extends Component<Props, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="rk-mid rk-mid--page">
        <ProblemView
          title="This page broke"
          problem={problemFrom(error)}
          actions={
            <Button
              icon="retry"
              onClick={() => {
                location.reload();
              }}
            >
              Reload
            </Button>
          }
        />
      </main>
    );
  }
}
