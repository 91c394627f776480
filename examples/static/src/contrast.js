/**
 * The contrast ratio of two colours, from 1 to 21, as WCAG 2 defines it.
 * @param {string} one `#rrggbb`
 * @param {string} other `#rrggbb`
 */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * The level of WCAG that text of normal size reaches with a ratio.
 * @param {number} ratio
 */
export function level(ratio) {
  if (ratio >= 7) return 'AAA';
  return ratio >= 4.5 ? 'AA' : 'none';
}

/** @param {string} colour */
function luminance(colour) {
  if (!/^#[\da-f]{6}$/i.test(colour)) throw new Error(`no colour: ${colour}`);
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
