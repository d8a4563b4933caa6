/** Where every world begins: 2027-01-15. */
export const START = 1_800_000_000_000;
