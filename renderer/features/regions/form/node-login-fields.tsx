import type { ReactElement } from 'react';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { emptyLogin, newKey } from './draft.ts';
import type { NodeLoginDraft } from './draft.ts';
import { LoginFields } from './login-fields.tsx';
import type { FieldErrors } from './to-region.ts';

/** Another user, port or proof for single nodes, by the name the cluster has for them. */
export function NodeLoginFields(props: {
  readonly nodes: readonly NodeLoginDraft[];
  readonly onNodes: (nodes: readonly NodeLoginDraft[]) => void;
  readonly errors: FieldErrors;
}): ReactElement {
  const { nodes, onNodes, errors } = props;
  const put = (index: number, change: Partial<NodeLoginDraft>): void => {
    onNodes(nodes.map((node, at) => (at === index ? { ...node, ...change } : node)));
  };
  return (
    <section aria-label="Another login for single nodes">
      <p className="rk-f__label">
        Another login for single nodes <small>{nodes.length === 0 ? 'none: all share the one above' : ''}</small>
      </p>
      <div className="rk-hops">
        {nodes.map((node, index) => (
          <div key={node.key} className="rk-hop" role="group" aria-label={`Node login ${String(index + 1)}`}>
            <div className="rk-hop__head">
              <b>{node.name.trim() === '' ? 'A node' : node.name}</b>
              <Button
                variant="link"
                onClick={() => {
                  onNodes(nodes.toSpliced(index, 1));
                }}
              >
                Remove
              </Button>
            </div>
            <div className="rk-form__pair">
              <TextField
                label="Name in the cluster"
                value={node.name}
                error={errors[`node.${String(node.key)}.name`]}
                onText={(name) => {
                  put(index, { name });
                }}
              />
              <TextField
                label="Port"
                inputMode="numeric"
                value={node.port}
                error={errors[`node.${String(node.key)}.port`]}
                onText={(port) => {
                  put(index, { port });
                }}
              />
            </div>
            <LoginFields
              login={node.login}
              errors={errors}
              place={`node.${String(node.key)}.`}
              isKnown
              hasSudo
              onLogin={(login) => {
                put(index, { login });
              }}
            />
          </div>
        ))}
      </div>
      <Button
        variant="link"
        icon="plus"
        onClick={() => {
          onNodes([...nodes, { key: newKey(), name: '', port: '22', login: emptyLogin }]);
        }}
      >
        Add a node’s login
      </Button>
    </section>
  );
}
