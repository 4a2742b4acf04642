/** A part of some items that still shows what all of them show. */
export interface Smallest<Item> {
  readonly items: readonly Item[];
  readonly tries: number;
  /** Whether each single item is needed; false where the tries came to their end before that was known. */
  readonly isMinimal: boolean;
}

/**
 * The items that are left when ever smaller runs of them are taken out, as long as what is left still shows it: delta
 * debugging. `shows` is asked at most `maxTries` times; all items together must show it. The order stays.
 */
export async function smallest<Item>(
  all: readonly Item[],
  shows: (items: readonly Item[]) => Promise<boolean>,
  maxTries: number,
): Promise<Smallest<Item>> {
  let items = all;
  let tries = 0;
  for (let length = Math.ceil(items.length / 2); length > 0; ) {
    const before = items.length;
    for (let at = 0; at < items.length; ) {
      if (tries >= maxTries) return { items, tries, isMinimal: false };
      tries += 1;
      const rest = [...items.slice(0, at), ...items.slice(at + length)];
      if (await shows(rest)) items = rest;
      else at += length;
    }
    // What one item needed may be needed no more once that item is gone.
    if (length > 1) length = Math.ceil(length / 2);
    else if (items.length === before) length = 0;
  }
  return { items, tries, isMinimal: true };
}
