/**
 * What makes the double honest: it knows little, and throws at everything it does not know. A test that is green because the
 * double shrugged would prove nothing.
 */
export function strict<T extends object>(name: string, known: T): T {
  return new Proxy(known, {
    get(target, property) {
      // `await` asks every value for `then`, and the inspector for symbols.
      if (typeof property === 'symbol' || property === 'then' || property === 'toJSON' || property in target) {
        const value: unknown = Reflect.get(target, property);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      }
      throw new Error(
        `The Electron double does not know ${name}.${property}. Look up what Electron does, then teach it.`,
      );
    },
    set(_target, property) {
      throw new Error(`Nobody sets ${name}.${String(property)}.`);
    },
  });
}

/** Refuses options that the double would silently ignore. */
export function onlyKnown(name: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) throw new Error(`The Electron double does not know the option ${name}.${key}.`);
  }
}

/** Electron's own words where a value cannot cross between processes. */
export function cloned<T>(value: T): T {
  try {
    return structuredClone(value);
  } catch {
    throw new Error('An object could not be cloned.');
  }
}

/**
 * Structured cloning drops prototypes in silence. What crosses here is to be plain data, so that it means the same on both sides.
 */
export function assertPlain(value: unknown, path = 'payload'): void {
  if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return;
  if (typeof value !== 'object') throw new Error(`${path} is a ${typeof value}: no plain data.`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== null && prototype !== Object.prototype) {
    throw new Error(`${path} is an instance of a class: no plain data.`);
  }
  for (const [key, item] of Object.entries(value)) assertPlain(item, `${path}.${key}`);
}
