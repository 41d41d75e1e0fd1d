/** One `node { … }` of corosync.conf. */
export interface CorosyncNode {
  /** Absent in the oldest configurations: then the address is the name. */
  readonly name: string;
  readonly id: string;
  readonly address: string | null;
}

/** The members that corosync.conf names, those among them whose services never started included. Empty where there is no file. */
export function parseCorosyncConf(text: string): readonly CorosyncNode[] {
  const nodes: CorosyncNode[] = [];
  const open: string[] = [];
  let fields = new Map<string, string>();
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line.startsWith('#')) continue;
    const section = /^([\w-]+)\s*\{$/u.exec(line)?.[1];
    if (section !== undefined) {
      open.push(section);
      if (section === 'node') fields = new Map();
    } else if (line === '}') {
      const closed = open.pop();
      if (closed === 'node' && open.at(-1) === 'nodelist') {
        const address = fields.get('ring0_addr') ?? null;
        const name = fields.get('name') ?? address;
        if (name !== null) nodes.push({ name, id: fields.get('nodeid') ?? '', address });
      }
    } else {
      const [, key, value] = /^([\w-]+)\s*:\s*(.*)$/u.exec(line) ?? [];
      if (open.at(-1) === 'node' && key !== undefined && value !== undefined) fields.set(key, value);
    }
  }
  return nodes;
}
