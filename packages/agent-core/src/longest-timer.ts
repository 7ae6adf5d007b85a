/** About 25 days: a timer that is set to more milliseconds fires at once. */
export const longestTimer: number = 2 ** 31 - 1;
