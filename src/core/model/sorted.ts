/** How many items at the start of a list something is so of, when it is so of none behind them. */
export function countWhere<T>(list: readonly T[], is: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (is(list[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
