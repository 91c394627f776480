/**
 * A function of one object that works once per object: rules ask the same build the same question dozens of times. The
 * answer must follow from the object alone.
 */
export function oncePer<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}

/** The same of an object and a name. */
export function oncePerName<K extends object, N extends string, V>(
  make: (key: K, name: N) => V,
): (key: K, name: N) => V {
  const byName = oncePer((_: K) => new Map<N, V>());
  return (key, name) => {
    const made = byName(key);
    const known = made.get(name);
    if (known !== undefined || made.has(name)) return known as V;
    const value = make(key, name);
    made.set(name, value);
    return value;
  };
}
