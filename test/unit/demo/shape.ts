/** What a value is made of: the kinds of its leaves and the names of its fields, by path. Lists and tables are one element each. */
type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** Fields whose names are data: links, disks, nodes. */
const tables = /\.(?:network|disks|nodes|written|byName)$/u;

function shapeOf(value: unknown): Shape {
  const shape = new Map<string, Set<string>>();
  const note = (path: string, word: string): void => void shape.set(path, (shape.get(path) ?? new Set()).add(word));
  const walk = (at: unknown, path: string): void => {
    if (at instanceof Map) return walk([...at.values()], path);
    if (Array.isArray(at)) {
      note(path, 'list');
      for (const one of at) walk(one, `${path}[]`);
    } else if (typeof at === 'object' && at !== null) {
      if (tables.test(path)) return walk(Object.values(at), path);
      for (const [name, field] of Object.entries(at)) {
        note(`${path}{}`, name);
        walk(field, `${path}.${name}`);
      }
    } else note(path, at === null ? 'null' : typeof at);
  };
  walk(value, '');
  return shape;
}

/** Where two values are not made of the same; what one of them has no example of is not compared, nor is `null` beside a value. */
export function differences(real: unknown, simulated: unknown): readonly string[] {
  const [a, b] = [shapeOf(real), shapeOf(simulated)];
  return [...a].flatMap(([path, words]) => {
    const others = b.get(path);
    if (others === undefined) return [];
    const missing = [...words].filter((word) => word !== 'null' && !others.has(word) && !others.has('null'));
    const extra = [...others].filter((word) => word !== 'null' && !words.has(word) && !words.has('null'));
    return [
      ...missing.map((word) => `${path}: the demo has no ${word}`),
      ...extra.map((word) => `${path}: only the demo has ${word}`),
    ];
  });
}
